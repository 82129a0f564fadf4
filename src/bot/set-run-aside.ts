import { obeyAbort } from '../core/run/decide.ts'
import { block, orderOf, withoutRetries } from '../core/run/decision.ts'
import type { Run } from '../core/run/run.ts'
import type { Context } from '../operations/context.ts'

/** A run that is not looked at, as it is stored now, and whether a person has asked to try it again. */
export type SetAside = Readonly<{ run: Run; isResumed: boolean }>

/**
 * Blocks a run at which the process ended twice, without a look at the world. An abort is obeyed; a retry is used up,
 * since in some phases it would mean more than another look, and lets the run go on. Throws ConflictError RUN_CHANGED.
 */
export const setRunAside = async (context: Context, run: Run): Promise<SetAside> => {
  const now = context.now().toISOString()
  const aborted = obeyAbort(run, now)
  const isRetried = orderOf(run, 'retry') !== undefined
  const next =
    aborted?.run ?? (isRetried ? { ...withoutRetries(run), blocked: null } : asked(run, now))
  const isChanged = JSON.stringify(next) !== JSON.stringify(run)
  return {
    run: isChanged ? await context.ports.runs.replace(next) : run,
    isResumed: aborted !== undefined || isRetried,
  }
}

const asked = (run: Run, now: string): Run =>
  block(
    run,
    {
      code: 'SET_ASIDE',
      reason: `the bot ended twice while it worked on the run of ${run.name}, and has set it aside`,
      fix: 'look in the log for how it ended, and whether it had enough memory; comment `/seed retry` to try again, or `/seed abort`',
    },
    now,
  ).run
