import PlaitCrypto
import PlaitRun

extension Verb {
    /// `plait key`
    package static let key = Verb(
        "key",
        "Makes a key pair for a host, or shows the public half of one.",
        operands: Operands("new|show FILE", 2...2),
        examples: [
            Example("plait key new server.key", "makes a key file and prints its public key"),
            Example("plait key show server.key", "prints the public key, which clients are told"),
        ],
        notes: [
            "The file holds the secret key. Only its owner may read it; a file that others can read is refused.",
            "Nothing is ever overwritten.",
        ]
    ) { arguments, context throws(CommandError) in
        let path = arguments.operands[1]
        let key: PublicKey
        switch arguments.operands[0] {
        case "new": key = try KeyAction.make(path)
        case "show": key = try KeyAction.show(path)
        case let other:
            throw CommandError(
                .usage,
                "there is nothing called \(Printable.quoted(other)) to do with a key",
                remedy: "write new or show"
            )
        }
        context.console.output.write("\(key.text)\n")
        return .success
    }
}

/// What `plait key` does, with errors that say what to do about them.
private enum KeyAction {
    static func make(_ path: String) throws(CommandError) -> PublicKey {
        do throws(IdentityFileError) {
            var secrets = try SecretStream.ofTheSystem()
            let pair = KeyPair(from: &secrets)
            try IdentityFile.create(pair, at: path)
            return pair.publicKey
        } catch { throw explain(error, path, status: .cannotCreate) }
    }

    static func show(_ path: String) throws(CommandError) -> PublicKey {
        do throws(IdentityFileError) {
            return try IdentityFile.read(path).publicKey
        } catch { throw explain(error, path, status: .noInput) }
    }

    // `status` is for what the system refused.
    private static func explain(_ error: IdentityFileError, _ path: String, status: ExitStatus) -> CommandError {
        let name = Printable.quoted(path)
        return switch error {
        case .system(let error):
            CommandError(status, "\(name): \(error.message)")
        case .exists:
            CommandError(
                .cannotCreate,
                "\(name) is there already",
                remedy: "choose another name; whoever trusts the old key would not know the new one"
            )
        case .notAFile:
            CommandError(.badData, "\(name) is not a file", remedy: "name the file that `plait key new` made")
        case .exposed(let mode):
            CommandError(
                .badData,
                "\(name) can be read or changed by others (mode \(String(mode, radix: 8)))",
                remedy: "chmod 600 \(name); if others had the time to read it, make a new key"
            )
        case .tooLarge:
            CommandError(
                .badData,
                "\(name) is larger than any key file",
                remedy: "name the file that `plait key new` made"
            )
        case .text(let error):
            CommandError(.badData, "\(name): \(error)", remedy: error.remedy)
        }
    }
}
