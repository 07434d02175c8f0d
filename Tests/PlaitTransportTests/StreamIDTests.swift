import PlaitTransport
import Testing

@Suite("Stream ids")
struct StreamIDTests {
    @Test("an id holds its index, opener and direction", arguments: [0, 1, 77, 1 << 60 - 1] as [UInt64])
    func parts(index: UInt64) {
        for opener in [Role.client, .server] {
            for direction in [StreamDirection.bidirectional, .unidirectional] {
                let id = StreamID(index: index, opener: opener, direction: direction)
                #expect(id.index == index && id.opener == opener && id.direction == direction)
            }
        }
    }

    @Test("the four kinds count apart, the client's first stream being 0")
    func kinds() {
        let firsts = [Role.client, .server].flatMap { opener in
            [StreamDirection.bidirectional, .unidirectional].map { StreamID(index: 0, opener: opener, direction: $0) }
        }
        #expect(firsts.map(\.value) == [0, 2, 1, 3])
    }
}
