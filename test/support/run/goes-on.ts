import { readdirSync, readFileSync } from 'node:fs'
import { decide } from '../../../src/core/run/decide.ts'
import { isEnded, type Run } from '../../../src/core/run/run.ts'
import { settle } from '../../../src/core/run/settle.ts'
import type { RunStore } from '../../../src/operations/ports/run-store.ts'
import { friendlyWorld } from './run-worlds.ts'

const directory = new URL('../../fixtures/runs/', import.meta.url)

/** What earlier versions have stored, by the names of the files: a run of the file store, or a SeedRun of the hub. */
export const storedRuns: Readonly<Record<string, object>> = Object.fromEntries(
  readdirSync(directory)
    .sort()
    .map(file => [file, JSON.parse(readFileSync(new URL(file, directory), 'utf8')) as object]),
)

/** Drives the one run that a store holds until it has ended, in a friendly world, each step kept in that store. */
export const goesOn = async (store: RunStore): Promise<Run> => {
  const first = (await store.list())[0]!
  if (isEnded(first.phase)) return first
  const world = friendlyWorld(first.phase, { isDetached: first.request.adopt === true })
  let now = Date.parse(first.since) + 7_200_000
  for (let step = 0; step < 60; step += 1) {
    now += 31_000
    const instant = new Date(now).toISOString()
    const run = (await store.get(first.name))!
    if (isEnded(run.phase)) return run
    const { run: next, effect } = decide(run, world.look(run.phase), instant)
    const helped = { ...next, orders: [...next.orders, ...world.human(next)] }
    if (effect === null) {
      await store.replace(helped)
      continue
    }
    const kept = await store.replace({ ...helped, intent: { effect, at: instant } })
    world.act(effect)
    await store.replace(settle(kept, effect, {}, instant))
  }
  throw new Error(`stuck: ${JSON.stringify(await store.get(first.name))}`)
}
