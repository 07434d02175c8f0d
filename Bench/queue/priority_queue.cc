// The hold model on std::priority_queue: the peer of `plait bench queue` (EventQueueBench.swift in PlaitRun).
//
// Entries are 16 bytes on both sides: the time, and the order of insertion above the number of the timer, so that ties
// fall in order of insertion. The waiting times come from the same generator, so both sides pop the same events in the
// same order and print the same checksum. Filling the queue is not timed. The vector below the queue has its room
// beforehand.

#include <chrono>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <queue>
#include <vector>

struct Entry
{
    int64_t time;
    uint64_t rank; // order << 24 | timer
};
static_assert(sizeof(Entry) == 16, "the same size as Plait's");

struct Later
{
    bool operator()(const Entry& a, const Entry& b) const
    {
        return a.time > b.time || (a.time == b.time && a.rank > b.rank);
    }
};

// SplitMix64; leading zeros are geometric, 20 further bits spread each step evenly: nearly exponential, integers only.
struct Increments
{
    uint64_t state = 0x706c616974000001;

    int64_t next()
    {
        state += 0x9e3779b97f4a7c15;
        uint64_t word = state;
        word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
        word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
        word ^= word >> 31;
        const int64_t zeros = word == 0 ? 64 : __builtin_clzll(word);
        return zeros << 20 | static_cast<int64_t>(word & 0xfffff);
    }
};

int main(int argc, char** argv)
{
    if (argc != 3)
    {
        std::fprintf(stderr, "usage: priority_queue PENDING EVENTS\n");
        return 64;
    }
    const uint64_t pending = std::strtoull(argv[1], nullptr, 10);
    const uint64_t events = std::strtoull(argv[2], nullptr, 10);
    if (pending == 0 || pending > 1 << 24 || events == 0)
    {
        std::fprintf(stderr, "between 1 and 2^24 pending, at least one event\n");
        return 64;
    }

    std::vector<Entry> room;
    room.reserve(pending + 1);
    std::priority_queue<Entry, std::vector<Entry>, Later> queue(Later(), std::move(room));
    Increments increments;
    uint64_t order = 0;
    for (uint64_t timer = 0; timer < pending; timer++)
    {
        queue.push({increments.next(), ++order << 24 | timer});
    }

    uint64_t checksum = 0;
    const auto begin = std::chrono::steady_clock::now();
    for (uint64_t count = 0; count < events; count++)
    {
        const Entry first = queue.top();
        queue.pop();
        const uint64_t timer = first.rank & 0xffffff;
        queue.push({first.time + increments.next(), ++order << 24 | timer});
        checksum = (checksum ^ static_cast<uint64_t>(first.time)) * 0x9e3779b97f4a7c15 + timer;
    }
    const std::chrono::duration<double, std::nano> wall = std::chrono::steady_clock::now() - begin;
    std::printf("pending %" PRIu64 "\nevents %" PRIu64 "\nchecksum %016" PRIx64 "\nns_per_event %.2f\n",
                pending,
                events,
                checksum,
                wall.count() / events);
    return 0;
}
