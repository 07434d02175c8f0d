package import PlaitCore

/// Where a server was found or is said to be, in the order in which an attempt asks.
///
/// An attempt covers all of them. Its first is where the server answered last, and after each failed attempt the next
/// one's turn: of n addresses each is the first in every n attempts, so that none starves under a driver that does not
/// get through the list in time.
package struct ServerAddresses: Sendable {
    package static var countMax: Int { 8 }

    private var entries = InlineArray<8, SocketAddress>(repeating: SocketAddress(interface: 0, port: 0))
    package private(set) var count = 0
    /// Whose turn it is to be first.
    private var first = 0

    package init() {}

    /// The address that an attempt asks as number `place`, counted from 0.
    package subscript(place: Int) -> SocketAddress {
        precondition(place >= 0 && place < count, "no such address")
        return entries[(first + place) % count]
    }

    /// Adds one behind the others.
    ///
    /// - Returns: Whether it is among them now; not if there are `countMax` others.
    package mutating func add(_ address: SocketAddress) -> Bool {
        guard place(of: address) == nil else { return true }
        guard count < Self.countMax else { return false }
        // Behind those that come first now: the list is a circle, which begins at `first`.
        var index = count
        while index > first {
            entries[index] = entries[index - 1]
            index -= 1
        }
        entries[first] = address
        first = count == 0 ? 0 : first + 1
        count += 1
        return true
    }

    /// The server answered there.
    mutating func prefer(_ address: SocketAddress) {
        if let place = place(of: address) { first = place }
    }

    /// An attempt failed.
    mutating func rotate() { if count > 0 { first = (first + 1) % count } }

    private func place(of address: SocketAddress) -> Int? {
        for index in 0..<count where entries[index] == address { return index }
        return nil
    }
}
