// A form that is one call of the API: its fields, and the key of a mailed link, which stands after the #.
const form = document.querySelector("form");
const field = form.querySelector("input");
const button = form.querySelector("button");
const said = document.getElementById("said");
const other = document.querySelector(".other");
const key = new URLSearchParams(location.hash.slice(1)).get("key");

function say(text, { bad = false, over = false } = {}) {
  said.textContent = text;
  said.classList.toggle("bad", bad);
  form.hidden = over;
  if (other) other.hidden = !(bad && over);
}

async function send() {
  const body = Object.fromEntries(new FormData(form));
  if (key) body.key = key;
  const response = await fetch(form.dataset.call, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (response.ok) {
    history.replaceState(null, "", location.pathname); // the key is used up
    return say(answer.message, { over: true });
  }
  const details = Array.isArray(answer.error.details) ? answer.error.details : [];
  const text = details.map((detail) => detail.message).join(" ") || answer.error.message;
  field?.setAttribute("aria-invalid", String(details.some((detail) => detail.field === field.name)));
  return say(text, { bad: true, over: details.some((detail) => detail.field === "key") });
}

// A good link, pasted into the tab of a bad one, changes only what stands after the #.
window.addEventListener("hashchange", () => location.reload());

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  say("");
  try {
    await send();
  } catch {
    say("The server did not answer, so nobody knows whether that worked. Try again in a moment.", { bad: true });
  } finally {
    button.disabled = false;
  }
});

if ("key" in form.dataset && !key) {
  say("This link is not whole. Open it once more from the mail.", { bad: true, over: true });
}
