from vidwiz.management.commands.worker import node_name


def test_no_two_workers_have_a_name_in_common(settings, monkeypatch):
    import socket

    names = {node_name("ai"), node_name("default,fetch")}
    settings.DATA_DIR = "/elsewhere"
    names.add(node_name("ai"))
    monkeypatch.setattr(socket, "gethostname", lambda: "another-machine")
    names.add(node_name("ai"))
    assert len(names) == 4
