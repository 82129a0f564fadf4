import { once } from 'node:events'
import { createAlarm } from './create-alarm.ts'
import type { Looping } from './create-intake.ts'
import { createTurn } from './create-turn.ts'
import { createChecks, type ChecksOptions } from './check/create-checks.ts'
import { createPoller, type PollerOptions } from './poll/create-poller.ts'
import type { Incoming } from '../operations/ports/inbox.ts'
import { createWebhookServer } from './webhook/create-webhook-server.ts'
import { listen } from './webhook/listen.ts'
import { learnRepository } from './learn-repository.ts'
import { errorFields } from './log.ts'
import { followHub } from './hub/follow-hub.ts'
import type { WatchChanges } from '../adapters/kubernetes/watch-changes.ts'
import { watchBy } from './watch/watch.ts'
import { refuseWeakSecret } from './webhook/refuse-weak-secret.ts'
import { serveBeside, type Beside } from './watch/serve-beside.ts'
import { saySeldom } from './say-seldom.ts'
import { webhookListener } from './webhook/webhook-listener.ts'

/** Everything that a bot is started with. */
export type ToStart = Looping &
  Beside &
  Readonly<{
    /** Null: there is no webhook, and nothing is listened to. */
    webhookSecret: string | null
    /** How to look for what no webhook reported; without it, only webhooks count. */
    news?: Pick<PollerOptions, 'feed' | 'bookmark' | 'interval'> | undefined
    /** How to check every pull request; without it, only runs are reported. */
    checks?: Pick<ChecksOptions, 'changes' | 'interval'> | undefined
    /** Watches the hub; without it the runs are looked at by the interval alone. */
    watchHub?: WatchChanges | undefined
    host: string
    /** 0: any free port. */
    port: number
    /** How long to wait between two looks at a run when nothing wakes the bot, in milliseconds. */
    pollInterval: number
    /**
     * One round: all that is due is done, and a run whose next step is due at once goes on. `patience`: how long to wait for another
     * bot that acts, in milliseconds.
     */
    once?: Readonly<{ patience: number }> | undefined
    /** Aborted by stop(): ends what is under way outside, and what would begin. */
    stopping: AbortController
  }>

type State = {
  stopping: boolean
  /** The runs want a look, and not only the inbox. */
  isDue: boolean
  /** Runs whose objects on the hub have changed. */
  woken: Set<string>
}

/** `ended` resolves when it has nothing more to do: with `once` after its round, else once it was stopped. */
export type Bot = Readonly<{ address: string; ended: Promise<void>; stop: () => Promise<void> }>

/** How often the leadership is asked for, in milliseconds. */
const renewEvery = 5_000

/** How long calls of GitHub may go on after the bot was asked to end. */
const graceMilliseconds = 5_000

/**
 * Starts the webhook server, where there is a webhook, and the loop over the runs. Throws InputError PORT_IN_USE or
 * WEBHOOK_SECRET_WEAK.
 */
export const startBot = async (options: ToStart): Promise<Bot> => {
  const { context, inbox, webhookSecret, log } = options
  const { leadership } = context.ports
  if (webhookSecret !== null) refuseWeakSecret(webhookSecret)
  const checks = options.checks ? createChecks({ ...options, ...options.checks }) : null
  const state: State = { stopping: false, isDue: true, woken: new Set() }
  const learned = learnRepository({ forge: context.ports.forge, log, now: context.now })
  const alarm = createAlarm()
  const wake = (run: string): void => {
    state.woken.add(run)
    alarm.ring()
  }
  const hub = options.watchHub ? followHub({ watch: options.watchHub, wake }) : null
  const watch = watchBy([options.watch ?? [], hub ?? []].flat())
  const turn = createTurn({ ...options, watch, isStopping: () => state.stopping })
  const counted = options.metrics?.of.countDeliveries ?? (listener => listener)
  const accept = (event: Incoming): void => {
    checks?.wake()
    // A wake says nothing that has to survive; one of another pull request says nothing at all.
    if (event.kind !== 'wake') inbox.put(event)
    else if (turn.concerns(event.pullRequest)) state.isDue = true
    else if (!checks) return
    alarm.ring()
  }
  const server =
    webhookSecret === null
      ? null
      : createWebhookServer(
          counted(
            webhookListener({
              secret: webhookSecret,
              repository: context.settings.repository,
              repositoryId: learned.id,
              isActing: leadership.holds,
              accept,
              refused: saySeldom(reason => {
                log.warn({ reason }, 'refused a delivery')
              }, context.now),
            }),
          ),
        )
  const address = server && (await listen(server, options))
  log.info({ address: address ?? '' }, server ? 'listening' : 'looking for news, without a webhook')
  const poller = options.news
    ? createPoller({
        ...options.news,
        ...{ accept, knows: inbox.knows, log, now: context.now, forge: context.ports.forge },
        repository: context.settings.repository,
      })
    : null
  let lastTurn = performance.now()
  const missing = (): readonly string[] => [
    ...(leadership.holds() ? [] : ['another bot acts']),
    ...(learned.id() === null ? ['the repository on GitHub was not read yet'] : []),
  ]
  const closeBeside = await serveBeside(options, {
    silentFor: () => performance.now() - lastTurn,
    missing,
  })

  const loop = async (): Promise<void> => {
    // Tried before the first request: a wrong token or address is better heard of now.
    await context.ports.repository.fetch().catch((error: unknown) => {
      log.warn(errorFields(error, {}), 'could not fetch the repository')
    })
    let dueAt = 0
    let wasLeading: boolean | null = null
    const giveUpAt = performance.now() + (options.once?.patience ?? 0)
    while (!state.stopping) {
      const isLeading = leadership.holds()
      if (isLeading !== wasLeading)
        log.info({}, isLeading ? 'this bot acts' : 'another bot acts; standing by')
      // What another has changed since is looked at first.
      if (isLeading && !wasLeading) state.isDue = true
      wasLeading = isLeading
      if (!isLeading) {
        hub?.looked([])
        lastTurn = performance.now()
        if (options.once && lastTurn >= giveUpAt) return
        await alarm.sleep(renewEvery)
        continue
      }
      await learned.learn()
      await poller?.look()
      const isDue = state.isDue || performance.now() >= dueAt
      state.isDue = false
      const { woken } = state
      state.woken = new Set()
      const wakeAt = await turn.take(isDue, woken)
      const goesOn = (wakeAt ?? Infinity) <= context.now().getTime()
      lastTurn = performance.now()
      if (wakeAt !== undefined) {
        const untilWake = wakeAt === null ? Infinity : wakeAt - context.now().getTime()
        const next = performance.now() + Math.min(options.pollInterval, untilWake)
        // After a look at some of the runs alone, the others are due when they were.
        dueAt = isDue ? next : Math.min(dueAt, next)
      }
      await checks?.look()
      lastTurn = performance.now()
      const due = [turn.retryAt(), poller?.dueAt(), checks?.dueAt()].map(at => at ?? Infinity)
      const untilNext = Math.min(...due) - context.now().getTime()
      if (options.once && !goesOn) return
      await alarm.sleep(Math.max(0, Math.min(dueAt - performance.now(), untilNext)))
    }
  }
  await leadership.renew()
  const renewing = setInterval(() => {
    void leadership.renew()
  }, renewEvery)
  const running = loop()
  return {
    address: address ?? '',
    ended: running,
    stop: async () => {
      state.stopping = true
      options.attempts.stop()
      alarm.ring()
      // What is being written may come to its end; a silent connection may not hold the bot up.
      const grace = setTimeout(() => {
        options.stopping.abort()
      }, graceMilliseconds)
      await running
      await hub?.stop()
      await turn.settled()
      clearTimeout(grace)
      clearInterval(renewing)
      await leadership.release()
      const closed = server?.listening ? once(server.close(), 'close') : null
      server?.closeAllConnections()
      await closed
      closeBeside()
    },
  }
}
