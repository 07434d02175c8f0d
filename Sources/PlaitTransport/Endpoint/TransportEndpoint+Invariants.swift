import PlaitCore

/// What must hold between any two calls. For tests and simulations.
extension TransportEndpoint {
    /// Checks every connection, and that the endpoint's tables agree about them.
    package func checkInvariants() {
        var ids = 0
        for slot in slots.indices {
            switch slots[slot].connection {
            case .some(let connection):
                precondition(slots[slot].opening == nil, "a slot holds one connection, opening or not")
                connection.checkInvariants()
                ids += connection.validIDs
            case .none: break
            }
            if openingID(of: slot) != nil { ids += 1 }
        }
        precondition(routes.count == ids, "every id leads to its connection, and nothing else leads anywhere")
        for index in vacant.indices {
            let slot = Int(vacant[index])
            precondition(slots[slot].connection == nil && slots[slot].opening == nil, "a vacant slot is empty")
            precondition(deadlines[slot].isNever, "a vacant slot wakes nobody")
        }
    }
}
