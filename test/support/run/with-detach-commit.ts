import type { Run } from '../../../src/core/run/run.ts'
import { readBase } from '../../../src/operations/read-base.ts'
import type { FakeWorld } from '../fake-world.ts'

/** The run with its detach commit made on the head that was asked for, as a look makes it; it is pushed nowhere. */
export const withDetachCommit = async (world: FakeWorld, run: Run): Promise<Run> => {
  const context = world.start()
  const onto = await world.ports.repository.checkout(run.request.headSha)
  const base = await readBase(context)
  const { sha } = await context.detachCommits(run.request, { onto, base })
  return { ...run, facts: { ...run.facts, pushedAs: sha } }
}
