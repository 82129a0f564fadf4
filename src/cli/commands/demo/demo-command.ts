import { appendFileSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { FailedError, InputError } from '../../../errors.ts'
import { composeKustomize, type Surroundings } from '../../../surroundings.ts'
import type { DemoEvent, Emit } from '../../../demo/demo-event.ts'
import { runDemo, scenarios, type Scenario } from '../../../demo/run-demo.ts'
import { createStory } from '../../../demo/story.ts'

type Options = Readonly<{ scenario: string; json: boolean; keep: string | null }>

/**
 * `sower demo`: plays a scenario and tells it, or prints its events as JSON lines. Throws InputError for an
 * unknown scenario or a missing kustomize, FailedError DEMO_FAILED when the run does not end Completed.
 */
export const demoCommand = async (surroundings: Surroundings, options: Options): Promise<void> => {
  const scenario = options.scenario
  if (!isScenario(scenario))
    throw new InputError(
      'ARGUMENT_INVALID',
      `reading --scenario: there is no scenario ${scenario}`,
      {
        fix: `choose ${Object.keys(scenarios).join(' or ')}`,
      },
    )
  // Asked before anything is started: a demo without kustomize would fail in the middle.
  await (await composeKustomize(surroundings, { timeLimit: 60 })).version()
  const directory = chooseDirectory(surroundings, options.keep)
  const story = options.json ? null : createStory(surroundings)
  const emit: Emit = event => {
    const timed: DemoEvent = { at: new Date().toISOString(), ...event }
    const line = `${JSON.stringify(timed)}\n`
    appendFileSync(join(directory, 'events.jsonl'), line)
    if (story) story.tell(timed)
    else surroundings.print(line)
  }
  const start = Date.now()
  try {
    const { outcome, digest } = await Promise.race([
      runDemo({ surroundings, scenario, directory, emit }),
      surroundings.terminated().then(() => {
        throw new FailedError('DEMO_FAILED', `playing ${scenario}: it was interrupted`)
      }),
    ])
    emit({ event: 'end', outcome, digest, seconds: Math.round((Date.now() - start) / 1000) })
    if (outcome !== 'Completed')
      throw new FailedError('DEMO_FAILED', `playing ${scenario}: the run ended ${outcome}`, {
        fix: `look at bot.log in ${directory}`,
      })
  } finally {
    story?.end()
  }
}

const isScenario = (name: string): name is Scenario => Object.hasOwn(scenarios, name)

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
