import { appendFileSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { DemoEvent, Emit } from '../../../demo/demo-event.ts'
import type { Ended } from '../../../demo/play-run.ts'
import { createStory } from '../../../demo/story.ts'
import { FailedError, InputError } from '../../../errors.ts'
import { composeKustomize, type Surroundings } from '../../../surroundings.ts'
import { isForPrograms, type OutputForm } from '../../output-flag.ts'
import { printNext } from '../../output/print-as.ts'

/** How a story is told, and where what it leaves is kept. */
export type Telling = Readonly<{ title: string; output: OutputForm; keep: string | null }>

/**
 * Plays a story in a new directory and tells it, or prints its events for programs. Throws InputError for a directory
 * that is not empty or a missing kustomize, FailedError DEMO_FAILED where it is interrupted.
 */
export const tellStory = async <T extends Ended>(
  surroundings: Surroundings,
  { title, output, keep }: Telling,
  play: (given: Readonly<{ directory: string; emit: Emit }>) => Promise<T>,
): Promise<T & Readonly<{ directory: string }>> => {
  // Asked before anything is started: a story without kustomize would fail in the middle.
  await (await composeKustomize(surroundings, { timeLimit: 60 })).version()
  const directory = chooseDirectory(surroundings, keep)
  const story = isForPrograms(output) ? null : createStory(surroundings)
  const emit: Emit = event => {
    const timed: DemoEvent = { at: new Date().toISOString(), ...event }
    appendFileSync(join(directory, 'events.jsonl'), printNext('json', timed))
    if (story) story.tell(timed)
    else surroundings.print(printNext(output, timed))
  }
  const start = Date.now()
  try {
    const ended = await Promise.race([
      play({ directory, emit }),
      surroundings.terminated().then(() => {
        throw new FailedError('DEMO_FAILED', `playing ${title}: it was interrupted`)
      }),
    ])
    const { outcome, digest } = ended
    emit({ event: 'end', outcome, digest, seconds: Math.round((Date.now() - start) / 1000) })
    return { ...ended, directory }
  } finally {
    story?.end()
  }
}

const chooseDirectory = ({ directory }: Surroundings, keep: string | null): string => {
  if (keep === null) return mkdtempSync(join(tmpdir(), 'sower-demo-'))
  const chosen = resolve(directory, keep)
  mkdirSync(chosen, { recursive: true })
  if (readdirSync(chosen).length > 0)
    throw new InputError('ARGUMENT_INVALID', `reading --keep: ${keep} is not empty`, {
      fix: 'name a new directory',
    })
  return chosen
}
