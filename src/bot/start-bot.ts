import { createServer } from 'node:http'
import { InputError } from '../errors.ts'
import { createTurn, type Looping } from './create-turn.ts'
import { listen } from './listen.ts'
import { errorFields } from './log.ts'
import { webhookListener } from './webhook-listener.ts'

/** What a bot is started with. */
export type ToStart = Looping &
  Readonly<{
    webhookSecret: string
    host: string
    /** 0: any free port. */
    port: number
    /** How long to wait between two looks at a run when nothing wakes the bot, in milliseconds. */
    pollInterval: number
  }>

export type Bot = Readonly<{ address: string; stop: () => Promise<void> }>

/**
 * Starts the webhook server and the loop over the runs. Throws InputError PORT_IN_USE or
 * WEBHOOK_SECRET_WEAK.
 */
export const startBot = async (options: ToStart): Promise<Bot> => {
  const { context, inbox, webhookSecret, log } = options
  if (webhookSecret.length < 16)
    throw new InputError(
      'WEBHOOK_SECRET_WEAK',
      'starting the bot: the webhook secret has fewer than 16 characters',
      {
        fix: 'make one: openssl rand -hex 32',
      },
    )
  const state = { stopping: false, wake: (): void => undefined, awake: false }
  const wake = (): void => {
    state.awake = true
    state.wake()
  }
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000 },
    webhookListener({
      secret: webhookSecret,
      repository: context.settings.repository,
      accept: event => {
        // A wake says nothing that has to survive.
        if (event.kind !== 'wake') inbox.put(event)
        wake()
      },
    }),
  )
  const address = await listen(server, options)
  log.info({ address }, 'listening')

  /** Sleeps for at most the interval; a webhook, or what came during the last pass, ends it at once. */
  const sleep = async (milliseconds: number): Promise<void> => {
    if (!state.awake && !state.stopping)
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, milliseconds)
        state.wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    state.awake = false
    state.wake = () => undefined
  }

  const turn = createTurn(options)
  const loop = async (): Promise<void> => {
    // Tried before the first request: a wrong token or address is better heard of now.
    await context.ports.repository.fetch().catch((error: unknown) => {
      log.warn(errorFields(error, {}), 'could not fetch the repository')
    })
    while (!state.stopping) {
      const wakeAt = await turn.take()
      const untilWake = wakeAt === null ? options.pollInterval : wakeAt - context.now().getTime()
      await sleep(Math.max(0, Math.min(options.pollInterval, untilWake)))
    }
  }
  const running = loop()
  return {
    address,
    stop: async () => {
      state.stopping = true
      options.attempts.stop()
      state.wake()
      await running
      await turn.settled()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
