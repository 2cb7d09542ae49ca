/** An error response of the server; `status` 0 means no response. */
class APIError extends Error {
  constructor(status, code, message) {
    super(message)
    this.status = status
    this.code = code
  }
}

const PATIENCE_MS = 10_000

/** The JSON at a path of the API. Throws an APIError. */
export async function get(path, query = {}) {
  const url = new URL(path, location.origin)
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined) url.searchParams.set(name, value)
  }
  let response
  try {
    response = await fetch(url, { headers: { accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE_MS) })
  } catch {
    throw new APIError(0, "unreachable", "The server does not respond.")
  }
  let body = null
  try { body = await response.json() } catch { body = null }
  if (!response.ok) {
    throw new APIError(response.status, body?.error?.code ?? "http", body?.error?.message ?? `The server answered ${response.status}.`)
  }
  if (body === null) throw new APIError(response.status, "malformed", "The response is not JSON.")
  return body
}

export const callPath = id => `/v1/calls/${encodeURIComponent(id)}`
export const filePath = (id, name) => `${callPath(id)}/files/${encodeURIComponent(name)}`
export const pagePath = id => `/calls/${encodeURIComponent(id)}`
export const loginPath = () => `/login?next=${encodeURIComponent(location.pathname + location.search)}`
