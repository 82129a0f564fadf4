import type { Surroundings } from '../surroundings.ts'
import type { Emit } from './demo-event.ts'

/** Everything the parts of a demo share. */
export type Demo = Readonly<{
  surroundings: Surroundings
  cluster: string
  askBy: 'label' | 'comment' | 'command line'
  /** Changes to the example's repository: texts to replace in its files. */
  changed?: Readonly<Record<string, string>>
  /** How many clusters the hub manages before the run; default: the five of the example. */
  managed?: number
  /** True if the base branch refuses pushes, so that everything reaches it by pull requests. */
  isProtected?: boolean
  /** True if GitHub reaches the bot; else the bot looks for news by itself. */
  hasWebhook: boolean
  /** True if the bot is a GitHub App; else it has a token. */
  isApp?: boolean
  /** True if nobody runs the bot, and a person drives the run by `sower run`. */
  isForeground?: boolean
  /** The repositories, the bot's data and log, and what GitHub was asked stay in it. */
  directory: string
  emit: Emit
  /** True once the simulated world has reported such an act. */
  hasTold: (act: RegExp) => boolean
  /** dist/sower.js, which is run as a program of its own for everything that Sower does. */
  program: string
  /** The part of our environment that each of those programs gets. */
  environment: Readonly<Record<string, string>>
  version: string
  /** The image that is asked for, by the sandbox's registry; default: ibu/<cluster> there. */
  image?: (registry: string) => string
  /** True if the story ends where the run waits for a person; else it is waited for, and the demo fails. */
  endsWhenBlocked?: boolean
  tokens: Readonly<{ ada: string; bot: string }>
  /** The GitHub App that the bot is, with its private key as PEM; null: it has a token. */
  app: Readonly<{ id: string; privateKey: string; publicKey: string }> | null
  credential: Readonly<{ username: string; password: string }>
}>
