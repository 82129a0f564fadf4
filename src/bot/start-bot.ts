import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isEnded } from '../core/run/run.ts'
import { FailedError, InputError, SowerError } from '../errors.ts'
import { takeIn, type Answer } from '../operations/take-in.ts'
import { type Incoming } from '../operations/ports/inbox.ts'
import type { Context } from '../operations/context.ts'
import type { Inbox } from '../operations/ports/inbox.ts'
import { reconcile } from '../operations/reconcile.ts'
import { createProjection } from './projection.ts'
import { webhookListener } from './webhook-listener.ts'

/** What the bot tells its operator: one line an event, with fields. */
export type Log = Readonly<{
  debug: (fields: object, message: string) => void
  info: (fields: object, message: string) => void
  warn: (fields: object, message: string) => void
}>

export type BotOptions = Readonly<{
  context: Context
  inbox: Inbox
  webhookSecret: string
  host: string
  /** 0: any free port. */
  port: number
  /** How long to wait between two looks at a run when nothing wakes the bot, in milliseconds. */
  pollInterval: number
  log: Log
}>

export type Bot = Readonly<{ address: string; stop: () => Promise<void> }>

/**
 * Starts the webhook server and the loop over the runs. Throws InputError PORT_IN_USE or
 * WEBHOOK_SECRET_WEAK.
 */
export const startBot = async (options: BotOptions): Promise<Bot> => {
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

  const projection = createProjection(context.ports.forge, (run, error) => {
    log.warn(fieldsOf(error, { run }), 'could not write the report')
  })
  const problems = new Map<string, string>()
  const loop = async (): Promise<void> => {
    // Tried before the first request: a wrong token or address is better heard of now.
    await context.ports.repository.fetch().catch((error: unknown) => {
      log.warn(fieldsOf(error, {}), 'could not fetch the repository')
    })
    while (!state.stopping) {
      const wakeAt = await turn(options, { projection, problems })
      const untilWake = wakeAt === null ? options.pollInterval : wakeAt - context.now().getTime()
      await sleep(Math.max(0, Math.min(options.pollInterval, untilWake)))
    }
  }
  const running = loop()
  return {
    address,
    stop: async () => {
      state.stopping = true
      state.wake()
      await running
      await projection.settled()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

const listen = async (
  server: ReturnType<typeof createServer>,
  { host, port }: BotOptions,
): Promise<string> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        new InputError(
          'PORT_IN_USE',
          `listening on ${host}:${port}: ${cause.code === 'EADDRINUSE' ? 'the port is in use' : `it cannot be had (${cause.code ?? 'no reason given'})`}`,
          { fix: 'choose another one with --listen HOST:PORT', cause },
        ),
      )
    })
    server.listen(port, host, resolve)
  })
  const bound: AddressInfo | string | null = server.address()
  return typeof bound === 'object' && bound !== null
    ? `${bound.address}:${bound.port}`
    : `${host}:${port}`
}

type Projection = ReturnType<typeof createProjection>

/** One turn of the loop. Whatever goes wrong in it is logged: the next turn comes anyway. */
const turn = async (
  options: BotOptions,
  { projection, problems }: Readonly<{ projection: Projection; problems: Map<string, string> }>,
): Promise<number | null> => {
  try {
    await takeWaiting(options, projection)
    return await passOverRuns(options, projection, problems)
  } catch (error) {
    options.log.warn(fieldsOf(error, {}), 'a turn failed')
    return null
  }
}

const reply = async (
  { ports }: Context,
  event: Incoming,
  { answers, projection }: Readonly<{ answers: readonly Answer[]; projection: Projection }>,
): Promise<void> => {
  await projection.answer(event.pullRequest, answers)
  if (event.kind !== 'comment') return
  const isRefused = answers.some(answer => answer !== null && answer.code !== null)
  await ports.forge.react({ id: event.commentId, content: isRefused ? 'confused' : 'eyes' })
}

const takeWaiting = async (
  { context, inbox, log }: BotOptions,
  projection: Projection,
): Promise<void> => {
  for (const event of inbox.waiting()) {
    try {
      const answers = await takeIn(context, event)
      // Done before it is answered: an answer that cannot be written must not bring an order back.
      inbox.done(event)
      log.info({ event: event.key, by: event.sender, answers }, 'took in')
      await reply(context, event, { answers, projection })
    } catch (error) {
      // Without an answer from outside it stays in the inbox; what was answered with no is over.
      if (error instanceof FailedError) inbox.done(event)
      log.warn(fieldsOf(error, { event: event.key }), 'could not take in an event')
    }
  }
}

/** One pass over every run; returns when the earliest wants to be looked at again, in epoch milliseconds. */
const passOverRuns = async (
  { context, log }: BotOptions,
  projection: Projection,
  problems: Map<string, string>,
): Promise<number | null> => {
  let earliest: number | null = null
  for (const run of await context.ports.runs.list()) {
    try {
      if (isEnded(run.phase)) {
        projection.show(run, null)
        continue
      }
      const pass = await reconcile(context, run)
      if (pass.effect)
        log.info(
          { run: run.name, effect: pass.effect },
          pass.error ? 'effect failed' : 'effect done',
        )
      const problem = pass.error === null ? '' : pass.error.message
      // Said once, not at every look.
      if (pass.error && problems.get(run.name) !== problem)
        log.warn(fieldsOf(pass.error, { run: run.name }), 'could not do it')
      problems.set(run.name, problem)
      if (pass.run.phase !== run.phase)
        log.info(
          { run: run.name, from: run.phase, to: pass.run.phase, since: pass.run.since },
          'phase',
        )
      log.debug({ run: run.name, observation: pass.look?.observation }, 'observed')
      projection.show(pass.run, pass.look)
      if (pass.wakeAt !== null) earliest = Math.min(earliest ?? Infinity, Date.parse(pass.wakeAt))
    } catch (error) {
      log.warn(fieldsOf(error, { run: run.name }), 'pass failed')
    }
  }
  return earliest
}

const fieldsOf = (error: unknown, fields: object): object =>
  error instanceof SowerError
    ? { ...fields, code: error.code, reason: error.message, cause: causeOf(error) }
    : { ...fields, reason: String(error) }

/** The class of the cause only: its text may quote anything. */
const causeOf = ({ cause }: SowerError): string | undefined =>
  cause instanceof Error
    ? `${cause.name}${'code' in cause ? ` ${String(cause.code)}` : ''}`
    : undefined
