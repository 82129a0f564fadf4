import type { Run } from '../../core/run/run.ts'
import type { Pass } from '../../operations/create-reconcile.ts'
import type { RunEvent, WriteRunEvent } from '../../operations/ports/run-event.ts'
import type { Watch } from './watch.ts'

type Options = Readonly<{
  write: WriteRunEvent
  /** Replaces registered secrets; before a text is cut. */
  clean: (text: string) => string
  /** Hears of an event that could not be written; the run goes on. */
  failed: (run: string, error: unknown) => void
}>

/** Writes an event for each change of a phase, each block and its end, and each effect, one after the other. */
export const recordEvents = ({ write, clean, failed }: Options): Watch => {
  let writing: Promise<void> = Promise.resolve()
  return {
    passed: (before, pass) => {
      for (const event of eventsOf(before, pass))
        writing = writing
          .then(() => write(before.name, { ...event, note: clean(event.note) }))
          .catch((error: unknown) => {
            failed(before.name, error)
          })
    },
    looked: () => undefined,
  }
}

const eventsOf = (before: Run, { run, effect, error }: Pass): readonly RunEvent[] => [
  ...(effect && !error
    ? [{ type: 'Normal', reason: 'EffectDone', note: effect.do } as const]
    : // What blocks the run already was told when it began to.
      effect && error && before.blocked?.reason !== error.message
      ? [
          {
            type: 'Warning',
            reason: 'EffectFailed',
            note: `${effect.do}: ${error.code}: ${error.message}`,
          } as const,
        ]
      : []),
  ...(run.phase === before.phase
    ? []
    : [{ type: 'Normal', reason: run.phase, note: `${before.phase} → ${run.phase}` } as const]),
  ...blockEvents(before.blocked, run.blocked),
]

const blockEvents = (before: Run['blocked'], now: Run['blocked']): readonly RunEvent[] => {
  if (now === null)
    return before === null ? [] : [{ type: 'Normal', reason: 'Resumed', note: before.code }]
  const isSame = before?.code === now.code && before.reason === now.reason
  return isSame
    ? []
    : [{ type: 'Warning', reason: 'Blocked', note: `${now.code}: ${now.reason}. ${now.fix}` }]
}
