import { Command } from 'commander'
import t from 'tap'
import { describeRun } from '../../../src/cli/commands/run/describe-run.ts'
import { registerRunCommand } from '../../../src/cli/commands/run/register-run-command.ts'
import { runCommand, type RunOptions } from '../../../src/cli/commands/run/run-command.ts'
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

t.test('says without GitHub what to merge, and how to order', t => {
  const byGit = { head: 'asks', branch: 'main', report: '/data/report.md' }
  const next = (run: Run): string | null => describeRun(run, null, byGit).next
  t.equal(describeRun(aRun('Proposed'), null).next, null)
  t.equal(
    next(aRun('Proposed')),
    'read the proof in /data/report.md, then merge asks into main; the merge cannot be undone',
  )
  t.equal(next(aRun('Detaching')), null)
  const fix = 'look on the seed: `/seed retry`, or comment `/seed abort`'
  const known = blockedBy('DELIVERY_UNKNOWN')
  const blocked = known && { ...known, fix }
  t.equal(describeRun(aRun('Delivering', { blocked }), null).next, fix)
  t.equal(
    next(aRun('Delivering', { blocked })),
    'look on the seed: stop this, and start it once more with `--retry`, or stop this, and start it once more with `--abort`',
  )
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
  const own = ['--pull-request', '--head', '--retry', '--abort', '--output', '--json']
  t.strictSame(await flags(['plan']), own, 'other commands do not load them')
})

t.test('refuses bad words before anything is read', async t => {
  const { given } = surroundings({ directory: directoryWith(t, {}) })
  const none = { head: null, retry: false, abort: false, given: {}, output: 'text' as const }
  const run = (cluster: string, pullRequest: string | null, more: Partial<RunOptions> = {}) =>
    runCommand(given, { ...none, cluster, pullRequest, ...more }, createRedactor())
  await t.rejects(run('Not a name', null), { code: 'ARGUMENT_INVALID' })
  for (const number of ['#7', '0', '-1', '1e3', ''])
    await t.rejects(run('sno1', number), {
      code: 'ARGUMENT_INVALID',
      message: 'reading --pull-request: it is not a number',
    })
  const withToken = { given: { tokenFile: 'token' } }
  for (const [more, message] of [
    [{}, 'reading --token-file: a token or a GitHub App is needed, or --head'],
    [withToken, /^reading --repository/],
    [{ head: 'asks' }, /^reading --repository/],
    [{ head: 'a b' }, 'reading --head: it is not the name of a branch'],
    [{ head: '-x' }, 'reading --head: it is not the name of a branch'],
    [{ head: 'asks', given: { appId: '1' } }, /^reading --app-id: not with --head/],
    [{ head: 'asks', retry: true, abort: true }, 'reading --retry: not with --abort'],
    [{ ...withToken, abort: true }, /^reading --abort: .* with --head$/],
    [{ ...withToken, retry: true }, /^reading --retry: .* with --head$/],
  ] as const)
    await t.rejects(run('sno1', '7', more), { code: 'ARGUMENT_INVALID', message })
})
