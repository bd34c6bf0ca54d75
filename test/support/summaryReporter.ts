import type { Reporter, TestModule } from 'vitest/node';

/** Ends a run with one line that people and CI read alike: `N passed, N failed, N skipped`. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      // A file that could not be loaded has no tests, and has failed all the same.
      count.failed += module.errors().length;
      for (const test of module.children.allTests()) count[test.result().state] += 1;
    }
    const skipped = count.skipped + count.pending;
    const tail = skipped > 0 ? `, ${skipped} skipped` : '';
    process.once('exit', () => {
      process.stdout.write(`\n${count.passed} passed, ${count.failed} failed${tail}\n`);
    });
  }
}
