// How a change travels: the fields of the question's form, with what says whose change of what it is.
export function wire({ answer, flag, struck, note, base, rev, writer, seconds }) {
  const data = [["base", base], ["rev", rev], ["writer", writer], ["seconds", Math.round(seconds)], ["note", note]];
  for (const word of answer) data.push(["answer", word]);
  for (const word of struck) data.push(["struck", word]);
  if (flag) data.push(["flag", "1"]);
  return data;
}

export const cookie = (name) => document.cookie.match(`(?:^|; )${name}=([^;]+)`)?.[1] ?? "";

export function post(url, data) {
  return fetch(url, {
    method: "POST", body: new URLSearchParams(data), redirect: "error", credentials: "same-origin",
    headers: { Accept: "application/json", "X-CSRFToken": cookie("csrftoken") }, signal: AbortSignal.timeout(8000),
  });
}

export async function jsonOf(response) {
  return response.headers.get("Content-Type")?.startsWith("application/json") ? response.json() : null;
}
