import { byId, setHidden } from "../ui/dom.js"

// Only paths of this server are valid redirect targets.
const query = new URLSearchParams(location.search)
const next = query.get("next") ?? "/"
const target = new URL(next, location.origin)
byId("next").value = target.origin === location.origin ? target.pathname + target.search : "/"
setHidden(byId("login-error"), !query.has("failed"))
