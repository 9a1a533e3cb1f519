/** Answers `{kind: "usage"}` from the parent process: user and system time since the start in seconds, and resident memory. */
export function answerUsage(): void {
  process.on("message", (message: { kind?: unknown }) => {
    if (message.kind !== "usage") return;
    const { user, system } = process.cpuUsage();
    process.send?.({
      kind: "usage",
      cpuSeconds: (user + system) / 1e6,
      rssMiB: process.memoryUsage.rss() / 1_048_576,
    });
  });
}
