import HTTPTypes
import Hummingbird
import SidetoneHTTP

/// Applies the access policy to every request and adds security headers to every response.
struct AccessControlMiddleware: RouterMiddleware {
    let accessPolicy: AccessPolicy

    private static let safety: HTTPFields = {
        var fields: HTTPFields = [
            .contentSecurityPolicy:
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
                + "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
            .xContentTypeOptions: "nosniff",
            .crossOriginResourcePolicy: "same-origin",
        ]
        if let name = HTTPField.Name("Referrer-Policy") { fields[name] = "no-referrer" }
        return fields
    }()

    func handle(
        _ request: Request, context: ConnectionContext, next: (Request, ConnectionContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do { response = try await answer(request, context: context, next: next) } catch let error as APIError {
            response = error.response
        } catch let error as any HTTPResponseError {
            response = APIError(error).response
        }
        for field in Self.safety { response.headers[field.name] = field.value }
        if !response.headers.contains(.cacheControl) { response.headers[.cacheControl] = "no-store" }
        return response
    }

    private func answer(
        _ request: Request, context: ConnectionContext, next: (Request, ConnectionContext) async throws -> Response
    ) async throws -> Response {
        let head = AccessPolicy.Request(
            path: request.uri.path, host: request.head.authority,
            origin: request.headers[.origin], authorization: request.headers[.authorization],
            cookie: request.headers[.cookie])
        switch accessPolicy.verdict(on: head) {
        case .allowed: return try await next(request, context)
        case .forbidden(let why): throw APIError(status: .forbidden, code: "forbidden", message: why)
        case .unauthorized:
            // Browsers are redirected to the login page; programs get 401.
            guard request.method == .get, request.headers[.accept]?.contains("text/html") == true else {
                throw APIError(
                    status: .unauthorized, code: "unauthorized",
                    message: "a token is required: Authorization: Bearer …",
                    headers: [.wwwAuthenticate: "Bearer"])
            }
            return .redirect(
                to: "/login?next=\(FormFields.encode(Monitor.safePath(request.uri.string)))", type: .normal)
        }
    }
}
