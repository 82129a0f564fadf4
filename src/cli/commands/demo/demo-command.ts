import { FailedError, InputError } from '../../../errors.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { runDemo, scenarios, type Scenario } from '../../../demo/run-demo.ts'
import type { OutputForm } from '../../output-flag.ts'
import { tellStory } from './tell-story.ts'

type Options = Readonly<{ scenario: string; output: OutputForm; keep: string | null }>

/**
 * `sower demo`: plays a scenario and tells it, or prints its events for programs. Throws InputError for an
 * unknown scenario or a missing kustomize, FailedError DEMO_FAILED when the run does not end Completed.
 */
export const demoCommand = async (surroundings: Surroundings, options: Options): Promise<void> => {
  const scenario = options.scenario
  if (!isScenario(scenario))
    throw new InputError(
      'ARGUMENT_INVALID',
      `reading --scenario: there is no scenario ${scenario}`,
      {
        fix: `choose one of ${Object.keys(scenarios).join(', ')}`,
      },
    )
  const { outcome, directory } = await tellStory(
    surroundings,
    { ...options, title: scenario },
    given => runDemo({ surroundings, scenario, ...given }),
  )
  if (outcome !== 'Completed')
    throw new FailedError('DEMO_FAILED', `playing ${scenario}: the run ended ${outcome}`, {
      fix: `look at bot.log in ${directory}`,
    })
}

const isScenario = (name: string): name is Scenario => Object.hasOwn(scenarios, name)
