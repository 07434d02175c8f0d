import PlaitTransport

/// docs/ERRORS.md, made from the catalogue.
enum ErrorPage {
    static var text: String {
        var text = """
            # Errors

            Every error of the protocol has a number that stays the same, and one entry in the program's own list, of
            which this page is made: `UPDATE_SNAPSHOTS=1 scripts/test --filter ErrorCatalogueTests`. A number is 100
            times its layer, and a number in it; those from E200 to E259 are 200 and the code of CLOSE
            ([WIRE.md](WIRE.md)). *Retry* says whether the same thing, tried again later without a change at either
            end, may succeed.

            """
        for layer in ErrorLayer.allCases {
            text += "\n## \(title(of: layer))\n\n| code | what happened | what that means | what to do | retry |\n"
            text += "|---|---|---|---|---|\n"
            for entry in ErrorCatalogue.entries where entry.code.layer == layer {
                let retry = entry.isRetryable ? "yes" : "no"
                text += "| \(entry.code) | \(entry.cause) | \(entry.meaning) | \(entry.remedy) | \(retry) |\n"
            }
        }
        return text
    }

    private static func title(of layer: ErrorLayer) -> String {
        switch layer {
        case .handshake: "Handshake"
        case .transport: "Transport"
        case .streams: "Streams"
        case .datagrams: "Datagrams"
        case .paths: "Paths"
        case .reconnection: "Reconnection"
        case .operations: "Operations"
        }
    }
}
