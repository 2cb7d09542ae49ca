import HTTPTypes
import Hummingbird
import NIOCore
import SidetoneHTTP
import SidetoneModel
import SidetonePipeline

extension Monitor {
    typealias Context = ConnectionContext

    /// All routes, behind the access policy.
    func router(isSecure: Bool) -> Router<Context> {
        let router = Router(context: Context.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: AccessControlMiddleware(accessPolicy: accessPolicy))
        addPages(to: router)
        addSignIn(to: router, isSecure: isSecure || settings.behindProxy)
        addCalls(to: router)
        addDocuments(to: router)
        router.get("/v1/status") { _, _ in
            Response(json: statusJSON(withSinks: true, dialects: await callStates.openDialects))
        }
        router.get("/v1/events") { request, context in try await events(request, context: context) }
        // Upgrade requests never get here.
        router.get("/v1/live") { _, _ -> Response in
            throw APIError(
                status: .upgradeRequired, code: "upgrade_required",
                message: "this endpoint requires a WebSocket upgrade",
                headers: [.upgrade: "websocket"])
        }
        router.get("/metrics") { _, _ in await metrics() }
        router.get("/healthz") { _, _ -> Response in
            guard watchdog.answers else {
                throw APIError(
                    status: .serviceUnavailable, code: "receiver_silent",
                    message: "the receiver of streams does not respond")
            }
            return Response(text: "ok\n")
        }
        router.get("/readyz") { _, _ -> Response in
            guard let receiver = status().receiver else {
                throw APIError(
                    status: .serviceUnavailable, code: "starting", message: "the receiver is not listening yet")
            }
            guard !receiver.isDraining else {
                throw APIError(status: .serviceUnavailable, code: "draining", message: "the receiver is draining")
            }
            guard receiver.streamsOpen < receiver.limit else {
                throw APIError(status: .serviceUnavailable, code: "full", message: "stream limit reached")
            }
            return Response(text: "ok\n")
        }
        return router
    }

    // MARK: Pages

    private func addPages(to router: Router<Context>) {
        for (path, name) in [("/", "index.html"), ("/receiver", "receiver.html"), ("/login", "login.html")] {
            router.get(RouterPath(path)) { request, _ in try file(pages[name] ?? pages["index.html"], request: request)
            }
        }
        router.get("/calls/:id") { request, _ in try file(pages["call.html"] ?? pages["index.html"], request: request) }
        router.get("/assets/**") { request, context in
            let name = context.parameters.getCatchAll().joined(separator: "/")
            // Pages are served at their own paths.
            return try file(name.hasSuffix(".html") ? nil : pages[name], request: request)
        }
    }

    /// Serves a bundled file, or 304 if the browser has it.
    private func file(_ file: StaticFiles.File?, request: Request) throws -> Response {
        guard let file else { throw APIError.notFound("no such page") }
        var headers: HTTPFields = [.eTag: file.tag, .cacheControl: "no-cache"]
        let known = request.headers[.ifNoneMatch]?.split(separator: ",").map { $0.filter { $0 != " " } } ?? []
        if known.contains(where: { $0 == file.tag || $0 == "W/\(file.tag)" || $0 == "*" }) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = file.type
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }

    private func addDocuments(to router: Router<Context>) {
        router.get("/v1/openapi.json") { request, _ in try file(api["openapi.json"], request: request) }
        router.get("/v1/asyncapi.json") { request, _ in try file(api["asyncapi.json"], request: request) }
        router.get("/v1/schemas/:name") { request, context in
            try file(schemas[context.parameters.get("name") ?? ""], request: request)
        }
    }

    // MARK: Signing in

    private func addSignIn(to router: Router<Context>, isSecure: Bool) {
        router.post("/login") { request, _ -> Response in
            let body = try await request.body.collect(upTo: 4_096)
            let fields = FormFields(String(buffer: body))
            guard accessPolicy.sessions.allowsAttempt else {
                throw APIError(
                    status: .tooManyRequests, code: "too_many_attempts",
                    message: "too many invalid tokens; wait a minute",
                    headers: [.retryAfter: "60"])
            }
            let next = Self.safePath(fields["next"])
            guard accessPolicy.isToken(fields["token"] ?? "") else {
                accessPolicy.sessions.countFailure()
                return .redirect(to: "/login?failed=1&next=\(FormFields.encode(next))", type: .normal)
            }
            var response = Response.redirect(to: next, type: .normal)
            let flags = "HttpOnly; SameSite=Strict; Path=/; Max-Age=\(Sessions.lifetime.components.seconds)"
            response.headers[.setCookie] =
                "\(Sessions.cookie)=\(accessPolicy.sessions.open()); \(flags)\(isSecure ? "; Secure" : "")"
            return response
        }
    }

    /// A path on this server; anything else becomes the start page.
    static func safePath(_ path: String?) -> String {
        guard let path, path.hasPrefix("/"), !path.hasPrefix("//"), !path.contains("\\"),
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return "/" }
        return path
    }
}

extension Response {
    init(text: String) {
        self.init(
            status: .ok, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
