import type { Surroundings } from '../surroundings.ts'
import type { Emit } from './demo-event.ts'

/** Everything the parts of a demo share. */
export type Demo = Readonly<{
  surroundings: Surroundings
  cluster: string
  askBy: 'label' | 'comment' | 'command line'
  /** What the repository of the example says otherwise: texts to replace in its files. */
  changed?: Readonly<Record<string, string>>
  /** How many clusters the hub manages before the run; default: the five of the example. */
  managed?: number
  /** Whether GitHub reaches the bot; else the bot looks for news by itself. */
  hasWebhook: boolean
  /** The repositories, the bot's data and log, and what GitHub was asked stay in it. */
  directory: string
  emit: Emit
  /** Whether the simulated world has told of such an act by now. */
  hasTold: (act: RegExp) => boolean
  /** dist/sower.js, which is run as a program of its own for everything that Sower does. */
  program: string
  /** What each of those programs gets of our environment. */
  environment: Readonly<Record<string, string>>
  version: string
  tokens: Readonly<{ ada: string; bot: string }>
  credential: Readonly<{ username: string; password: string }>
}>
