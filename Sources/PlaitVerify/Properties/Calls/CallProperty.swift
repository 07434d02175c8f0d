/// `endpoint.calls`: whatever applications call, and in whatever order packets come, what was promised holds.
enum CallProperty {
    static var property: Property {
        var property = StatefulProperty<CallWorld>(
            "endpoint.calls",
            "Any calls, packets in any order, lost, damaged or copied: bytes, events and laws hold, and all is read.",
            steps: 5...200,
            health: HealthDemands(
                marks: [
                    "closed", "damaged packet ignored", "datagram read", "held back by a limit", "key update",
                    "no more streams allowed", "packet lost", "packet twice", "probe timeout", "reset seen",
                    "second connection", "spurious loss", "stop seen",
                ]
            )
        )
        let weights = [
            "write": 6, "read": 4, "finish": 2, "open": 2, "deliver": 12, "deliver later one": 3, "fire timer": 4,
        ]
        property.weights = CallWorld.rules.map { weights[$0] ?? 1 }
        property.always = ["open", "write", "deliver"]
        property.health.casesMin = 2_000
        property.health.needsHealing = true
        property.targets = ["held back", "sent again", "bytes waiting"]
        property.casesUsual = 3_000
        return property.property
    }
}
