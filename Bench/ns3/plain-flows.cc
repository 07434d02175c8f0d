// The plain-flow scenario on ns-3 3.37: the peer of `plait bench plain-flows` (Scenarios/plain-flows.yaml).
//
// Two hosts, two point-to-point links of 25 Mbps and 20 ms, one constant flow of 20 Mbps over each, 1,200 bytes a
// packet, 1 % independent loss, a drop-tail queue of 100 packets at the device, 600 s of simulated time.
//
// What 1,200 bytes means here. Plait serialises exactly what its link was told: 1,200 bytes. ns-3 serialises the packet
// with all its headers, so the payload is chosen such that PPP (2) + IPv4 (20) + UDP (8) + payload (1,170) = 1,200. The
// interval is 1,200 x 8 bits / 20 Mbps = 480 us, so both simulators send 1,250,000 packets a flow, each busy for
// 384 us. With `--stack=raw` packets go to the device without IP and UDP (payload 1,198): less work than the scenario
// asks for, and ns-3's best case.
//
// ns-3 is given no work that Plait does not have: no queue disc above the device, no tracing but one call per dropped
// packet, checksums off (the default). Delay is measured by the receiver from a time stamp in the payload. Only
// `Simulator::Run` is timed.

#if defined(NS3_ASSERT_ENABLE) || defined(NS3_LOG_ENABLE)
#error "compile without NS3_ASSERT_ENABLE and NS3_LOG_ENABLE: a debug build of ns-3 is not what is compared"
#endif

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"
#include "ns3/traffic-control-module.h"

#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3;

namespace
{

constexpr uint32_t kWireBytes = 1200;
constexpr uint32_t kLinks = 2;

struct Counts
{
    uint64_t sent = 0;
    uint64_t delivered = 0;
    uint64_t lost = 0;
    uint64_t queueFull = 0;
    int64_t delaySum = 0; // nanoseconds
};

Counts g_counts;

void
Lost(Ptr<const Packet>)
{
    g_counts.lost++;
}

void
QueueFull(Ptr<const Packet>)
{
    g_counts.queueFull++;
}

/// Sends packets of one size at one interval through a connected socket, as UdpClient does, with a time stamp inside.
class Source : public Application
{
  public:
    void Setup(Ptr<Socket> socket, Address remote, uint32_t payload, Time interval, Time stop)
    {
        m_socket = socket;
        m_remote = remote;
        m_payload = payload;
        m_interval = interval;
        m_stop = stop;
    }

  private:
    void StartApplication() override
    {
        m_socket->Bind();
        m_socket->Connect(m_remote);
        Send();
    }

    void Send()
    {
        SeqTsHeader stamp;
        stamp.SetSeq(m_sequence++);
        Ptr<Packet> packet = Create<Packet>(m_payload - stamp.GetSerializedSize());
        packet->AddHeader(stamp);
        if (m_socket->Send(packet) < 0)
        {
            std::fprintf(stderr, "ns-3 refused to send a packet\n");
            std::exit(70);
        }
        g_counts.sent++;
        if (Simulator::Now() + m_interval < m_stop)
        {
            Simulator::Schedule(m_interval, &Source::Send, this);
        }
    }

    Ptr<Socket> m_socket;
    Address m_remote;
    uint32_t m_payload = 0;
    uint32_t m_sequence = 0;
    Time m_interval;
    Time m_stop;
};

void
Receive(Ptr<Socket> socket)
{
    Ptr<Packet> packet;
    Address from;
    while ((packet = socket->RecvFrom(from)))
    {
        SeqTsHeader stamp;
        packet->RemoveHeader(stamp);
        g_counts.delivered++;
        g_counts.delaySum += (Simulator::Now() - stamp.GetTs()).GetNanoSeconds();
    }
}

/// Whether this ns-3 can write a log. Debian's can, though it is optimised and has no assertions; the log is off while
/// the clock runs. `scripts/bench` refuses libraries with assertions: those are debug builds.
bool
HasLogging()
{
    std::ostringstream log;
    std::streambuf* const before = std::clog.rdbuf(log.rdbuf());
    LogComponentEnableAll(LOG_LEVEL_ALL);
    Ptr<Packet> packet = Create<Packet>(100);
    packet->AddAtEnd(Create<Packet>(100));
    LogComponentDisableAll(LOG_LEVEL_ALL);
    std::clog.rdbuf(before);
    return !log.str().empty();
}

/// The receiver's loss: each packet with the same probability, after its wire time was spent.
Ptr<RateErrorModel>
MakeLoss(double rate, int64_t stream)
{
    Ptr<RateErrorModel> loss = CreateObject<RateErrorModel>();
    loss->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
    loss->SetRate(rate);
    loss->AssignStreams(stream);
    return loss;
}

} // namespace

int
main(int argc, char* argv[])
{
    double seconds = 600;
    uint32_t seed = 1;
    std::string stack = "udp";
    CommandLine line(__FILE__);
    line.AddValue("seconds", "simulated time", seconds);
    line.AddValue("seed", "run number of ns-3's generator", seed);
    line.AddValue("stack", "udp (IPv4 and UDP) or raw (packet sockets on the device)", stack);
    line.Parse(argc, argv);
    if (stack != "udp" && stack != "raw")
    {
        std::fprintf(stderr, "--stack is udp or raw\n");
        return 64;
    }
    const bool hasLogging = HasLogging();
    RngSeedManager::SetRun(seed);

    const bool isRaw = stack == "raw";
    const Time interval = NanoSeconds(int64_t{kWireBytes} * 8 * 1000000000 / 20000000);
    const Time stop = Seconds(seconds);

    NodeContainer nodes;
    nodes.Create(2);
    if (isRaw)
    {
        PacketSocketHelper().Install(nodes);
    }
    else
    {
        InternetStackHelper().Install(nodes);
    }

    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("25Mbps"));
    link.SetChannelAttribute("Delay", StringValue("20ms"));
    link.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue("100p"));

    // Packet sockets live as long as somebody holds them.
    std::vector<Ptr<Socket>> sockets;
    for (uint32_t i = 0; i < kLinks; i++)
    {
        NetDeviceContainer devices = link.Install(nodes);
        devices.Get(1)->SetAttribute("ReceiveErrorModel", PointerValue(MakeLoss(0.01, 10 + i)));
        devices.Get(1)->TraceConnectWithoutContext("PhyRxDrop", MakeCallback(&Lost));
        devices.Get(0)->TraceConnectWithoutContext("MacTxDrop", MakeCallback(&QueueFull));

        Ptr<Socket> out;
        Ptr<Socket> in;
        Address remote;
        uint32_t payload;
        if (isRaw)
        {
            PacketSocketAddress to;
            to.SetSingleDevice(devices.Get(0)->GetIfIndex());
            to.SetPhysicalAddress(devices.Get(1)->GetAddress());
            to.SetProtocol(0x0800); // PPP carries IPv4 and IPv6 only
            PacketSocketAddress at;
            at.SetSingleDevice(devices.Get(1)->GetIfIndex());
            at.SetProtocol(0x0800);
            out = Socket::CreateSocket(nodes.Get(0), PacketSocketFactory::GetTypeId());
            in = Socket::CreateSocket(nodes.Get(1), PacketSocketFactory::GetTypeId());
            in->Bind(at);
            remote = to;
            payload = kWireBytes - 2;
        }
        else
        {
            Ipv4AddressHelper addresses;
            addresses.SetBase(("10.0." + std::to_string(i) + ".0").c_str(), "255.255.255.0");
            Ipv4InterfaceContainer interfaces = addresses.Assign(devices);
            // The helper put a queue disc above each device; the scenario has one queue, the device's.
            TrafficControlHelper().Uninstall(devices);
            out = Socket::CreateSocket(nodes.Get(0), UdpSocketFactory::GetTypeId());
            in = Socket::CreateSocket(nodes.Get(1), UdpSocketFactory::GetTypeId());
            in->Bind(InetSocketAddress(interfaces.GetAddress(1), 2000));
            remote = InetSocketAddress(interfaces.GetAddress(1), 2000);
            payload = kWireBytes - 2 - 20 - 8;
        }
        in->SetRecvCallback(MakeCallback(&Receive));
        sockets.insert(sockets.end(), {out, in});

        Ptr<Source> source = CreateObject<Source>();
        source->Setup(out, remote, payload, interval, stop);
        source->SetStartTime(Seconds(0));
        nodes.Get(0)->AddApplication(source);
    }

    Simulator::Stop(stop);
    const auto begin = std::chrono::steady_clock::now();
    Simulator::Run();
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    const uint64_t events = Simulator::GetEventCount();
    Simulator::Destroy();

    std::printf("simulator ns-3-%s\n", stack.c_str());
    std::printf("ns3_logging %s\n", hasLogging ? "compiled-in-but-off" : "absent");
    std::printf("simulated_s %.9g\n", seconds);
    std::printf("packets_sent %" PRIu64 "\n", g_counts.sent);
    std::printf("packets_delivered %" PRIu64 "\n", g_counts.delivered);
    std::printf("packets_dropped_loss %" PRIu64 "\n", g_counts.lost);
    std::printf("packets_dropped_queue_full %" PRIu64 "\n", g_counts.queueFull);
    std::printf("packets_in_flight %" PRIu64 "\n",
                g_counts.sent - g_counts.delivered - g_counts.lost - g_counts.queueFull);
    std::printf("mean_delay_ns %.3f\n", static_cast<double>(g_counts.delaySum) / g_counts.delivered);
    std::printf("events %" PRIu64 "\n", events);
    std::printf("wall_s %.6f\n", wall.count());
    std::printf("packets_per_s %.0f\n", g_counts.sent / wall.count());
    return 0;
}
