"""Build twice at once."""

from tests.torture.bench import Bench, start


def build_in_pairs(bench: Bench, pairs: int) -> str:
    """Run two builds at once: both publish, or one publishes and the other is refused."""
    refused = 0
    for number in range(pairs):
        bench.set_state(number % 2)
        processes = [start(bench.project) for _ in range(2)]
        codes = sorted(process.wait() for process in processes)
        if codes not in ([0, 0], [0, 2]):
            bench.broken.append(f"pair {number} ended with {codes}")
        refused += codes == [0, 2]
        bench.judge(f"pair {number}")
    bench.judge_peace((pairs - 1) % 2, "pairs")
    return f"{pairs} pairs, {refused} with one refused"
