import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { printable } from '../../../core/printable.ts'
import type { Run } from '../../../core/run/run.ts'
import { InputError } from '../../../errors.ts'
import type { RunStore } from '../../../operations/ports/run-store.ts'
import type { Surroundings } from '../../../surroundings.ts'

/** An event at which the bot ended twice. */
type EventAside = Readonly<{ event: string; pullRequest: number; by: string }>

/** An order that an outside system keeps waiting. */
type WaitingOrder = Readonly<{ pullRequest: number; by: string; reason: string; retryAt: string }>

/** The files that the bot keeps in its data directory. */
export type KeptByBot = Readonly<{
  runs: ReadonlyMap<string, Run>
  setAside: readonly EventAside[]
  waiting: readonly WaitingOrder[]
}>

/** The runs in the bot's data directory. Throws InputError FILE_UNREADABLE. */
export const fileRunsIn = async (directory: string, data: string): Promise<RunStore> => {
  const runs = resolve(directory, data, 'runs')
  if (!existsSync(runs))
    throw new InputError('FILE_UNREADABLE', `reading ${data}: it holds no runs`, {
      fix: "name the bot's --data directory",
    })
  const { fileRunStore } = await import('../../../adapters/files/file-run-store.ts')
  return fileRunStore(runs)
}

/** Reads the bot's data directory; null: nothing is known. Throws InputError FILE_UNREADABLE. */
export const keptByBot = async (
  { directory }: Surroundings,
  data: string | null,
): Promise<KeptByBot> => {
  if (data === null) return { runs: new Map(), setAside: [], waiting: [] }
  const runs = await fileRunsIn(directory, data)
  const { eventsAside, readWaiting } = await import('../../../adapters/files/file-inbox.ts')
  const inbox = resolve(directory, data, 'inbox')
  return {
    runs: new Map((await runs.list()).map(run => [run.name, run])),
    setAside: eventsAside(inbox).map(({ key: event, pullRequest, sender: by }) => ({
      ...{ event, pullRequest, by },
    })),
    waiting: readWaiting(inbox).flatMap(({ pullRequest, sender: by, retry }) =>
      retry ? [{ pullRequest, by, reason: retry.reason, retryAt: retry.at }] : [],
    ),
  }
}

export const describeAside = ({ event, by }: EventAside): string =>
  `${printable(`set aside: ${event} by ${by}, at which the bot ended twice`)}\n`

/** The reason names the time of the next try. */
export const describeWaiting = ({ pullRequest, by, reason }: WaitingOrder): string =>
  `${printable(`waiting: what ${by} asked for on #${pullRequest}: ${reason}`)}\n`
