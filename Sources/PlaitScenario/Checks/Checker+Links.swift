import PlaitCore

extension Checker {
    func readLinks(_ fields: Fields) {
        for (entry, link) in records(fields, "links") {
            let ends = between(link)
            guard isUsable(entry, as: "link", in: linkIndex) else { continue }
            var description = LinkDescription(
                name: entry.key,
                origin: Origin(entry.keyPlace),
                first: ends?.0 ?? HostID(0),
                second: ends?.1 ?? HostID(0),
                forward: DirectionDescription(),
                backward: DirectionDescription()
            )
            for layer in presetLayers(of: link, chain: []) + [link] { apply(layer, to: &description, ends: ends) }
            linkIndex[entry.key] = links.count
            links.append(description)
        }
    }

    private func between(_ link: Fields) -> (HostID, HostID)? {
        guard let (node, _) = link.value("between"), let items = items(node, "between") else { return nil }
        guard items.count == 2 else {
            log.error(
                node.place,
                "a link joins two hosts, not \(items.count)",
                remedy: "write between: [client, server]"
            )
            return nil
        }
        guard let first = host(items[0]), let second = host(items[1]) else { return nil }
        guard first != second else {
            log.error(items[1].place, "a link joins two different hosts", remedy: "name another host")
            return nil
        }
        return (first, second)
    }

    /// The presets a link or a preset starts from, the first one to be applied first.
    private func presetLayers(of fields: Fields, chain: [String]) -> [Fields] {
        guard let name = name(fields, "preset"), let (node, _) = fields.value("preset") else { return [] }
        guard let (root, path) = loader.preset(name, at: node.place) else { return [] }
        guard !chain.contains(path) else {
            let loop = (chain + [path]).map { FilePath.stem(of: $0) }.joined(separator: " starts from ")
            log.error(node.place, "presets start from each other in a circle: \(loop)", remedy: "remove one of them")
            return []
        }
        guard let preset = self.fields(root, .preset, at: root.place) else { return [] }
        return presetLayers(of: preset, chain: chain + [path]) + [preset]
    }

    /// What a preset file says, on a link of its own: for checking the file itself.
    package func presetDirections(_ root: YAMLNode) -> (forward: DirectionDescription, backward: DirectionDescription)?
    {
        guard let preset = fields(root, .preset, at: root.place) else { return nil }
        var link = LinkDescription(
            name: "",
            first: HostID(0),
            second: HostID(1),
            forward: DirectionDescription(),
            backward: DirectionDescription()
        )
        for layer in presetLayers(of: preset, chain: []) + [preset] { apply(layer, to: &link, ends: nil) }
        return (link.forward, link.backward)
    }

    /// Keys of the link for both directions first, then those for one: the special wins over the general.
    private func apply(_ layer: Fields, to link: inout LinkDescription, ends: (HostID, HostID)?) {
        for change in changes(layer) {
            link.forward.apply(change)
            link.backward.apply(change)
        }
        if let delay = halfOfRoundTrip(layer) {
            link.forward.delay = delay
            link.backward.delay = delay
        }
        for change in record(layer, "forward").map(changes) ?? [] { link.forward.apply(change) }
        for change in record(layer, "backward").map(changes) ?? [] { link.backward.apply(change) }
        for entry in layer.ordered where entry.key.contains(">") {
            guard case .record(let table, _, _) = layer.table.shape(of: entry.key, vocabulary) else { continue }
            let isForward = direction(entry.key, at: entry.keyPlace, ends: ends)
            let changes = self.fields(entry.value, table, at: entry.keyPlace).map(changes) ?? []
            for change in changes where isForward == true { link.forward.apply(change) }
            for change in changes where isForward == false { link.backward.apply(change) }
        }
    }

    private func halfOfRoundTrip(_ layer: Fields) -> Interval? {
        guard let whole = interval(layer, "rtt") else { return nil }
        guard whole.nanoseconds % 2 == 0 else {
            log.error(layer.place(of: "rtt"), "half of \(whole) is finer than a nanosecond", remedy: "use delay:")
            return nil
        }
        return Interval(nanoseconds: whole.nanoseconds / 2)
    }

    /// Whether `client>server` is the way from the first host of `between:`; `nil`, said why, if it is neither way.
    func direction(_ text: String, at place: Place, ends: (HostID, HostID)?) -> Bool? {
        guard let ends else { return nil }
        let first = hosts[Int(ends.0.index)].name
        let second = hosts[Int(ends.1.index)].name
        if text == "\(first)>\(second)" { return true }
        if text == "\(second)>\(first)" { return false }
        log.error(
            place,
            "'\(text.prefix(140))' is no direction of this link",
            remedy: "write \(first)>\(second) or \(second)>\(first)"
        )
        return nil
    }

    /// The properties of a direction that a map sets, in the order of the table and not of the file.
    func changes(_ fields: Fields) -> [PropertyChange] {
        KeyTable.properties.compactMap { key in fields.has(key.name) ? change(fields, key.name) : nil }
    }

    private func change(_ fields: Fields, _ key: String) -> PropertyChange? {
        switch key {
        case "rate": return rate(fields).map { .rate($0) }
        case "delay": return interval(fields, key).map { .delay($0) }
        case "overhead": return quantity(fields, key).map { .overhead($0) }
        case "mtu": return quantity(fields, key).map { .mtu($0) }
        case "jitter": return .jitter(model(fields, key))
        case "loss": return .loss(model(fields, key))
        case "queue": return model(fields, key).map { .queue($0) }
        case "duplicate": return probability(fields, key).map { .duplicate($0) }
        case "reorder": return .reorder(reordering(fields))
        case "corrupt": return .corrupt(corruption(fields))
        case "truncate": return probability(fields, key).map { .truncate($0) }
        default: preconditionFailure("the property \(key) has no reader")
        }
    }

    private func rate(_ fields: Fields) -> Rate? {
        if let (node, _) = fields.value("rate"), let text = node.text, Quantity.rate.hasUnit(of: text),
            let zero = try? Quantity.rate.parse(text, in: 0...0), zero == 0
        {
            log.error(
                node.place,
                "a rate of zero carries nothing",
                remedy: "use down: true in the timeline, or unlimited"
            )
            return nil
        }
        if fields.value("rate")?.node.text == "unlimited" { return .unlimited }
        return quantity(fields, "rate").flatMap { UInt64(exactly: $0) }.map { Rate(bitsPerSecond: $0) }
    }

    private func reordering(_ fields: Fields) -> Reordering? {
        guard let reorder = record(fields, "reorder") else { return nil }
        let probability = probability(reorder, "probability")
        let distance = anyQuantity(reorder, "distance")
        let within = interval(reorder, "within") ?? .milliseconds(100)
        guard let probability, let (quantity, amount) = distance else { return nil }
        return Reordering(
            probability: probability,
            distance: quantity == .packets ? .packets(amount) : .interval(Interval(nanoseconds: amount)),
            within: within
        )
    }

    private func corruption(_ fields: Fields) -> Corruption? {
        guard let corrupt = record(fields, "corrupt") else { return nil }
        let bits = quantity(corrupt, "bits") ?? 1
        return probability(corrupt, "probability").map { Corruption(probability: $0, bits: bits) }
    }
}

extension DirectionDescription {
    /// Changes one property, as a preset, a link's own key or a timeline item does.
    public mutating func apply(_ change: PropertyChange) {
        switch change {
        case .rate(let value): rate = value
        case .delay(let value): delay = value
        case .overhead(let value): overhead = value
        case .mtu(let value): mtu = value
        case .jitter(let value): jitter = value
        case .loss(let value): loss = value
        case .queue(let value): queue = value
        case .duplicate(let value): duplicate = value
        case .reorder(let value): reorder = value
        case .corrupt(let value): corrupt = value
        case .truncate(let value): truncate = value
        }
    }
}
