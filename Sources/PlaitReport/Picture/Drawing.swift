/// SVG 1.1 in the making. Coordinates are whole tenths of a pixel, so that the same run is the same bytes everywhere.
struct Drawing {
    private(set) var text = Text()

    struct Point {
        var x: Int
        var y: Int
    }

    init(width: Int, height: Int, title: String) {
        text.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" ")
        text.append("width=\"\(width)\" height=\"\(height)\" role=\"img\">\n<title>\(Self.escaped(title))</title>\n")
        text.append("<style>\n\(Self.style)</style>\n<rect class=\"page\" width=\"\(width)\" height=\"\(height)\"/>\n")
    }

    mutating func end() { text.append("</svg>\n") }

    mutating func line(_ style: String, _ from: Point, _ to: Point) {
        text.append("<line class=\"\(style)\"")
        attribute("x1", from.x)
        attribute("y1", from.y)
        attribute("x2", to.x)
        attribute("y2", to.y)
        text.append("/>\n")
    }

    mutating func rectangle(_ style: String, _ corner: Point, width: Int, height: Int, fill: String? = nil) {
        text.append("<rect class=\"\(style)\"")
        attribute("x", corner.x)
        attribute("y", corner.y)
        attribute("width", width)
        attribute("height", height)
        if let fill { text.append(" fill=\"\(fill)\"") }
        text.append("/>\n")
    }

    /// An open line, or with `isClosed` an area.
    mutating func path(_ style: String, _ points: [Point], isClosed: Bool = false) {
        guard points.count > 1 else { return }
        text.append("<path class=\"\(style)\" d=\"")
        for (place, point) in points.enumerated() {
            text.append(place == 0 ? "M" : "L")
            number(point.x)
            text.append(" ")
            number(point.y)
        }
        text.append(isClosed ? "Z\"/>\n" : "\"/>\n")
    }

    mutating func words(_ style: String, _ at: Point, _ words: String) {
        text.append("<text class=\"\(style)\"")
        attribute("x", at.x)
        attribute("y", at.y)
        text.append(">\(Self.escaped(words))</text>\n")
    }

    mutating func disc(_ style: String, _ centre: Point, radius: Int) {
        text.append("<circle class=\"\(style)\"")
        attribute("cx", centre.x)
        attribute("cy", centre.y)
        attribute("r", radius)
        text.append("/>\n")
    }

    private mutating func attribute(_ name: String, _ tenths: Int) {
        text.append(" \(name)=\"")
        number(tenths)
        text.append("\"")
    }

    private mutating func number(_ tenths: Int) {
        if tenths % 10 == 0 { text.append(tenths / 10) } else { text.append(Int64(tenths), places: 1) }
    }

    private static func escaped(_ words: String) -> String {
        var safe = ""
        for scalar in words.unicodeScalars {
            switch scalar {
            case "&": safe += "&amp;"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "\"": safe += "&quot;"
            // XML 1.0 has no way to write control characters.
            case _ where scalar.value < 0x20: safe += " "
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }

    /// Colours are those of Okabe and Ito, which colour-blind people tell apart. A viewer in dark mode gets a dark
    /// page.
    private static let style = """
        text{font-family:Helvetica,Arial,'Liberation Sans','DejaVu Sans',sans-serif;font-size:11px;fill:#222}
        .page{fill:#fff}
        .title{font-size:17px;font-weight:bold}
        .name{font-size:12.5px;font-weight:bold}
        .soft{fill:#666}
        .right{text-anchor:end}
        .middle{text-anchor:middle}
        .grid{stroke:#e3e3e3;stroke-width:1}
        .axis{stroke:#888;stroke-width:1}
        .configured{fill:none;stroke:#777;stroke-width:1.2;stroke-dasharray:5 3}
        .rate{fill:none;stroke:#0072b2;stroke-width:1.5;stroke-linejoin:round}
        .rate-area{fill:#0072b2;fill-opacity:.14}
        .queue{fill:none;stroke:#009e73;stroke-width:1.2;stroke-linejoin:round}
        .queue-area{fill:#009e73;fill-opacity:.28}
        .event{stroke:#999;stroke-width:1;stroke-dasharray:1.5 2.5}
        .badge{fill:#555}
        .number{fill:#fff;font-size:9px;font-weight:bold;text-anchor:middle}
        @media (prefers-color-scheme:dark){
        text{fill:#e6e6e6}.page{fill:#15171c}.soft{fill:#a5a5a5}.grid{stroke:#2d3038}.axis{stroke:#888}
        .configured{stroke:#aaa}.rate{stroke:#56b4e9}.rate-area{fill:#56b4e9}.badge{fill:#888}.number{fill:#fff}
        }

        """
}
