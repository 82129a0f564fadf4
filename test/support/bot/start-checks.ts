import type { Test } from 'tap'
import { createChecks, type Checks } from '../../../src/bot/check/create-checks.ts'
import type { MergeGroup, OpenChanges } from '../../../src/operations/ports/pull-requests.ts'
import type { FakeWorld } from '../fake-world.ts'

export const kustomization = (...entries: readonly string[]): string =>
  `resources:\n${entries.map(entry => `  - ${entry}\n`).join('')}`
export const without = (cluster: string): Readonly<Record<string, string>> => ({
  'clusters/kustomization.yaml': kustomization(cluster === 'sno1' ? 'sno2.yaml' : 'sno1.yaml'),
})

type Started = Readonly<{
  checks: Checks
  settle: () => Promise<readonly string[]>
  told: string[]
  builds: string[]
  allowed: { is: boolean }
  fetched: () => number
}>

/** Checks of a world, with what they wrote; `settle` looks until nothing is left to be checked. */
export const startChecks = (
  t: Test,
  world: FakeWorld,
  { groups = [], ...given }: Partial<OpenChanges> & { groups?: MergeGroup[] } = {},
): Started => {
  const statuses: string[] = []
  const told: string[] = []
  const tell = (_: object, message: string): void => void told.push(message)
  let fetched = 0
  world.faults.set('repository.fetch', () => void (fetched += 1))
  world.faults.set('forge.setStatus', given => {
    const { context, sha, state, description } = given as Record<string, string>
    t.equal(context, 'sower/check')
    const pull = [...world.pullRequests.values()].find(
      ({ branch }) => world.repository.branches.get(branch) === sha,
    )
    statuses.push(`#${pull?.number ?? '?'} ${state}: ${description}`)
  })
  const builds: string[] = []
  const context = world.start()
  const { kustomize } = context.ports
  const counting = {
    ...kustomize,
    build: (directory: string) => {
      builds.push(directory)
      return kustomize.build(directory)
    },
  }
  const changes: OpenChanges = {
    against: async base => ({
      head: world.repository.branches.get(base) ?? '',
      changes: [...world.pullRequests.values()]
        .filter(({ state }) => state === 'open')
        .map(({ number, branch, isFork }) => ({
          ...{ number, branch, isFork },
          headSha: world.repository.branches.get(branch) ?? '',
        })),
      groups,
    }),
    files: async () => null,
    requires: async () => true,
    ...given,
  }
  const allowed = { is: true }
  const checks = createChecks({
    context: { ...context, ports: { ...context.ports, kustomize: counting } },
    ...{ changes, interval: 30_000 },
    attempts: {
      ...{ begin: () => allowed.is, end: () => undefined },
      ...{ gotFurther: () => undefined, stop: () => undefined },
    },
    log: { debug: () => undefined, info: tell, warn: tell },
  })
  const settle = async (): Promise<readonly string[]> => {
    world.tick(30)
    do await checks.look()
    while (checks.dueAt() === 0)
    return statuses.splice(0)
  }
  return { checks, settle, told, builds, allowed, fetched: () => fetched }
}
