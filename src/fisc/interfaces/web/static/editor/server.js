// What the editor asks of the server. A session that ended, or a token that changed with a new
// sign-in, must never cost a change: the caller keeps its text and says so.
let token = document.querySelector("#editor input[name=csrfmiddlewaretoken]").value;

const send = (address, fields) =>
  fetch(address, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { "X-CSRFToken": token, "HX-Request": "true", Accept: "application/json, text/html", "HX-Current-URL": location.href },
  });

const renewToken = async () => {
  const page = await (await fetch(location.pathname, { credentials: "same-origin" })).text();
  const found = new DOMParser().parseFromString(page, "text/html").querySelector("#editor input[name=csrfmiddlewaretoken]");
  if (found) token = found.value;
  return Boolean(found);
};

// Give the status with what was answered; status 0 is a server that cannot be reached.
export const post = async (address, fields) => {
  try {
    let response = await send(address, fields);
    if (response.status === 403 && (await renewToken())) response = await send(address, fields);
    const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
    return { status: response.status, answer: isJson ? await response.json() : null, text: isJson ? "" : await response.text() };
  } catch {
    return { status: 0, answer: null, text: "" };
  }
};
