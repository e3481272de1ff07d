"""What `make run` promises, seen from outside: real processes, real kills."""

import os
import signal

import pytest

from tests.processes.crashing.apps import POINTS
from tests.processes.running import VIDEO_ID, Running, until
from tests.serving import Stream

pytestmark = pytest.mark.processes


@pytest.fixture
def vidwiz(tmp_path):
    running = Running(tmp_path)
    running.start()
    running.sign_in()
    yield running
    if running.processes():
        running.kill_everything()


@pytest.fixture
def crashing(tmp_path):
    running = Running(tmp_path, DJANGO_SETTINGS_MODULE="tests.processes.crashing.settings")
    running.start()
    running.sign_in()
    yield running
    if running.processes():
        running.kill_everything()


def assert_filled_once(running, note_id):
    until(lambda: running.notes()[note_id]["ai_state"] == "ready", 40)
    assert running.notes()[note_id]["text"]
    assert running.times_filled(note_id) == 1
    sql = "SELECT state FROM tasks_task WHERE kind = 'ai_note' AND subject = ?"
    until(lambda: running.rows(sql, str(note_id)) == [("completed",)])


def test_the_main_job_end_to_end(vidwiz, transcript_json):
    note_id = vidwiz.catch("1:00")
    stream = Stream(f"{vidwiz.url}/v2/videos/{VIDEO_ID}/stream", {"X-Guest-Session-ID": "g" * 16})
    events = iter(stream)
    assert next(events)[0] == "snapshot"
    vidwiz.hand_in(transcript_json)
    video = next(data["video"] for _, data in events if data["video"]["summary_state"] == "ready")
    assert_filled_once(vidwiz, note_id)
    assert vidwiz.video()["summary"] == video["summary"]
    assert 200 <= len(video["summary"]) <= 800
    assert len(set(video["suggested_questions"])) == 3
    stream.close()


@pytest.mark.parametrize("victims", ["pool process", "whole worker"])
def test_a_killed_worker_comes_back_and_goes_on(vidwiz, transcript_json, victims):
    vidwiz.hand_in(transcript_json)
    until(lambda: len(vidwiz.processes("worker --queues ai")) == 3)  # the pool is there
    workers = vidwiz.processes("worker --queues ai")
    parent = min(workers)
    os.kill(max(workers) if victims == "pool process" else parent, signal.SIGKILL)
    note_id = vidwiz.catch("2:00")
    assert_filled_once(vidwiz, note_id)
    assert (parent in vidwiz.processes("worker --queues ai")) == (victims == "pool process")


def test_a_worker_killed_at_any_line_of_a_job_fills_the_note_exactly_once(crashing, transcript_json):
    crashing.hand_in(transcript_json)
    until(lambda: crashing.video()["summary_state"] == "ready")
    crash_file = crashing.folder / "crash"
    outcomes = {}
    for number, point in enumerate(POINTS):
        crash_file.write_text(point)
        note_id = crashing.catch(f"1:{number:02}")
        until(lambda: not crash_file.exists())  # it was killed there, and not somewhere else
        until(lambda note_id=note_id: crashing.notes()[note_id]["ai_state"] == "ready", 40)
        outcomes[point] = crashing.times_filled(note_id)
    assert len(POINTS) >= 10
    assert outcomes == dict.fromkeys(POINTS, 1)


def test_after_everything_was_killed_at_once_all_of_it_goes_on(vidwiz, transcript_json):
    waiting = [vidwiz.catch(f"1:{number:02}") for number in range(20)]
    vidwiz.hand_in(transcript_json)
    vidwiz.kill_everything()
    vidwiz.start()
    until(lambda: all(vidwiz.notes()[note_id]["ai_state"] == "ready" for note_id in waiting), 60)
    assert {note_id: vidwiz.times_filled(note_id) for note_id in waiting} == dict.fromkeys(waiting, 1)


def test_sigterm_ends_all_of_it_within_5_seconds_open_streams_or_not(vidwiz):
    vidwiz.catch("1:00")
    stream = Stream(f"{vidwiz.url}/v2/videos/{VIDEO_ID}/stream", {"X-Guest-Session-ID": "g" * 16})
    assert next(iter(stream))[0] == "snapshot"
    until(lambda: len(vidwiz.processes()) >= 9)  # supervisor, web, beat, and two workers with their pools
    assert vidwiz.stop() < 5
    assert vidwiz.processes() == {}
    stream.close()


def test_ctrl_c_ends_all_of_it_too(vidwiz):
    vidwiz.supervisor.send_signal(signal.SIGINT)
    vidwiz.supervisor.wait(5)
    until(lambda: vidwiz.processes() == {}, 1)
