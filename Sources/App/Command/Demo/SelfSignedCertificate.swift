import Crypto
import Foundation
import SwiftASN1
import X509

/// A self-signed certificate for this machine, generated on demand for the demo and for development.
package enum SelfSignedCertificate {
    /// Writes `cert.pem` and `key.pem` for `localhost` and 127.0.0.1, valid for a day.
    ///
    /// - Returns: the paths of both files.
    package static func write(to directory: String) throws -> (certificate: String, key: String) {
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName("localhost") }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: Certificate.PublicKey(key.publicKey),
            notValidBefore: Date.now - 3_600, notValidAfter: Date.now + 86_400, issuer: name, subject: name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                SubjectAlternativeNames([
                    .dnsName("localhost"), .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
                ])
            }, issuerPrivateKey: Certificate.PrivateKey(key))
        var serializer = DER.Serializer()
        try certificate.serialize(into: &serializer)
        let pem = PEMDocument(type: "CERTIFICATE", derBytes: serializer.serializedBytes).pemString
        let folder = URL(filePath: directory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let certificateFile = folder.appending(path: "cert.pem")
        let keyFile = folder.appending(path: "key.pem")
        try Data(pem.utf8).write(to: certificateFile)
        // Readable by the owner only.
        _ = FileManager.default.createFile(
            atPath: keyFile.path, contents: Data(key.pemRepresentation.utf8), attributes: [.posixPermissions: 0o600])
        return (certificateFile.path, keyFile.path)
    }
}
