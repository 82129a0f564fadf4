import type { Run } from './run.ts'

/** A run whose texts of others hold no registered value: before it is kept, shown, escaped or cut. */
export const cleanRun = (run: Run, clean: (text: string) => string): Run => ({
  ...run,
  blocked: run.blocked && {
    ...run.blocked,
    reason: clean(run.blocked.reason),
    fix: clean(run.blocked.fix),
  },
  facts: {
    ...run.facts,
    lastMessage: run.facts.lastMessage === null ? null : clean(run.facts.lastMessage),
  },
})
