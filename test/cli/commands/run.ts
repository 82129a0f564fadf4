import { Command } from 'commander'
import t from 'tap'
import { describeRun } from '../../../src/cli/commands/run/describe-run.ts'
import { registerRunCommand } from '../../../src/cli/commands/run/register-run-command.ts'
import { runCommand } from '../../../src/cli/commands/run/run-command.ts'
import { renderTree } from '../../../src/core/waiting/render-tree.ts'
import type { Waiting } from '../../../src/core/waiting/waiting.ts'
import type { Run } from '../../../src/core/run/run.ts'
import { createRedactor } from '../../../src/redact/redactor.ts'
import { directoryWith } from '../../support/directory-with.ts'
import { aRun, blockedBy } from '../../support/run/run-scene.ts'
import { surroundings } from '../../support/surroundings.ts'

const lines = (run: Run, tree: Waiting | null = null): readonly string[] =>
  renderTree(describeRun(run, tree), { now: null, isColoured: false })

t.test('shows a run as a tree, with what blocks it and what to do', t => {
  const tree: Waiting = {
    ...{ what: 'ManagedCluster sno1', state: 'there', since: null, why: null, next: null },
    parts: [],
  }
  t.strictSame(lines(aRun('Detaching'), tree), [
    '… sno1: Detaching, asked for on #7 (since 2026-11-22T10:00:00.000Z)',
    '  · ManagedCluster sno1',
  ])
  t.match(lines(aRun('Delivering', { blocked: blockedBy('PUSH_DENIED') })), [
    /^✗ sno1: Delivering, asked for on #7: PUSH_DENIED: /,
    /^ {4}→ /,
  ])
  t.match(lines(aRun('Generating', { facts: { lastMessage: 'Pulling recert image' } })), [
    /^… sno1: Generating, .*: Pulling recert image \(/,
  ])
  const facts = { digest: 'sha256:new' }
  t.match(lines(aRun('Completed', { outcome: 'Completed', facts })), [
    /^✓ sno1: Completed, asked for on #7: registry.example.com\/.* is sha256:new \(/,
  ])
  t.match(lines(aRun('Failed', { outcome: 'Failed' })), [/^✗ sno1: Failed, asked for on #7 \(/])
  t.end()
})

t.test('takes the options of the bot but for those of a server', async t => {
  const { given } = surroundings({ directory: directoryWith(t, {}) })
  const redactor = createRedactor()
  const flags = async (words: readonly string[]): Promise<readonly string[]> => {
    const program = new Command()
    await registerRunCommand(program, { surroundings: given, redactor, words })
    return program.commands[0]?.options.map(({ long }) => long ?? '') ?? []
  }
  const all = await flags(['run'])
  for (const flag of ['--pull-request', '--data', '--token-file', '--runs', '--log-level'])
    t.ok(all.includes(flag), flag)
  for (const flag of [
    '--listen',
    '--webhook-secret-file',
    '--no-webhook',
    '--metrics',
    '--status-host',
  ])
    t.notOk(all.includes(flag), flag)
  t.strictSame(await flags(['plan']), ['--pull-request'], 'other commands do not load them')
})

t.test('refuses bad words before anything is read', async t => {
  const { given } = surroundings({ directory: directoryWith(t, {}) })
  const run = (cluster: string, pullRequest: string | null) =>
    runCommand(given, { cluster, pullRequest, given: {} }, createRedactor())
  await t.rejects(run('Not a name', null), { code: 'ARGUMENT_INVALID' })
  for (const number of ['#7', '0', '-1', '1e3', ''])
    await t.rejects(run('sno1', number), {
      code: 'ARGUMENT_INVALID',
      message: 'reading --pull-request: it is not a number',
    })
  await t.rejects(run('sno1', '7'), { code: 'ARGUMENT_INVALID', message: /^reading --/ })
})
