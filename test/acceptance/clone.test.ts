import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import t, { type Test } from 'tap'
import { findKustomize } from '../../src/adapters/kustomize/kustomize-cli.ts'
import { commitAll } from '../support/commit-all.ts'
import { layouts } from '../support/edit/layouts.ts'
import type { PlanReport } from '../../src/core/report/plan-report.ts'
import { repositoryWith, stateOf } from '../support/repository-with.ts'
import { runInProcess } from '../support/run-in-process.ts'
import {
  alone,
  gitIn,
  home,
  isOneMessage,
  kustomizePlaces,
  program,
  runSower,
  shell,
  temporaryDirectory,
  type Result,
} from '../support/run-sower.ts'

const example = join(home, 'examples', 'ztp')
const understood = '--i-understand-this-may-reinstall'
const reportOf = (stdout: string): PlanReport => JSON.parse(stdout) as PlanReport

/** A person's clone of the example; `below` puts it into a directory of its repository. */
const startClone = async (t: Test, below = '') => {
  const top = temporaryDirectory(t)
  const at = join(top, below)
  cpSync(example, at, { recursive: true })
  const git = gitIn(top)
  await commitAll(top, `the example in ${below}`, 'Add the sites')
  return { top, at, git }
}

t.test('each cluster of the example is planned, detached and attached again', async t => {
  const { top, git } = await startClone(t)
  const first = (await git('rev-parse', 'HEAD')).trim()
  // One as a user does it, with the program.
  const sower = (command: string, cluster: string, ...words: string[]): Promise<Result> =>
    (cluster === 'seed-sno5' ? runSower : runInProcess)([command, cluster, '-C', top, ...words])
  const clusters = ['seed-sno1', 'target-sno2', 'target-sno3', 'target-sno4', 'seed-sno5']
  for (const cluster of clusters) {
    const before = stateOf(top)
    const plan = await sower('plan', cluster, '--json')
    t.match(plan, { exitCode: 0, stderr: '' })
    t.match(JSON.parse(plan.stdout), {
      status: 'detachable',
      emptied: cluster === 'seed-sno5',
      roots: [{ removed: [new RegExp(`ClusterInstance/${cluster}/${cluster}$`)] }],
    })
    t.strictSame(stateOf(top), before, 'plan changes nothing')
    t.match(await sower('detach', cluster, '--commit'), { exitCode: 0, stderr: '' })
    const { stdout } = await sower('detach', cluster)
    t.match(stdout, new RegExp(`^${cluster} is detached already: clusters/.*:\\d+\n`))
  }
  const { file, arguments: words } = findKustomize(kustomizePlaces)
  const renders = await Promise.all(
    ['site-a', 'site-b'].map(site => execa(file, [...words, join(top, 'clusters', site)])),
  )
  for (const { stdout } of renders) t.notMatch(stdout, /kind: ClusterInstance/)
  t.match(renders[0]?.stdout, /kind: Namespace/, 'the companions of target-sno4 stay')
  for (const cluster of clusters)
    t.match(await sower('reattach', cluster, '--commit', understood), { exitCode: 0, stderr: '' })
  t.equal(await git('diff', first, 'HEAD'), '', 'the same bytes are back')
  isOneMessage(t, await sower('detach', 'retired-sno9'), {
    exitCode: 3,
    code: 'NOT_A_SEED',
    says: /add it to `seeds`/,
  })
})

t.test('detach works in a directory of a larger repository, and away from any branch', async t => {
  const { top, git } = await startClone(t, 'infrastructure/ztp')
  await git('switch', '--quiet', '--detach')
  await git('commit', '--quiet', '--allow-empty', '-m', 'on no branch')
  const directory = join(top, 'infrastructure', 'ztp')
  const { exitCode, stdout, stderr } = await runInProcess(['detach', 'seed-sno5', '-C', directory])
  t.match({ exitCode, stderr }, { exitCode: 0, stderr: '' })
  t.match(stdout, 'edited clusters/site-b/kustomization.yaml, seeds/seed-sno5/record.yaml\n')
  t.equal(
    await git('status', '--porcelain', '--untracked-files=all'),
    ' M infrastructure/ztp/clusters/site-b/kustomization.yaml\n?? infrastructure/ztp/seeds/seed-sno5/record.yaml\n',
  )
  const shallow = temporaryDirectory(t)
  await gitIn(shallow)('clone', '--quiet', '--depth=1', `file://${top}`, '.')
  const plan = await runInProcess(['plan', 'seed-sno5', '-C', join(shallow, 'infrastructure/ztp')])
  t.match(plan, { exitCode: 0, stderr: '' }, 'in a shallow clone')
})

t.test('a clone may be a linked, shared, partial or SHA-256 one', async t => {
  const { top, git } = await startClone(t)
  await git('config', 'uploadpack.allowFilter', 'true')
  const places = temporaryDirectory(t)
  const at = (name: string): string => join(places, name)
  await git('worktree', 'add', '--quiet', '--detach', at('linked'))
  await git('clone', '--quiet', '--shared', top, at('shared'))
  const partial = ['clone', '--quiet', '--filter=blob:none']
  await git(...partial, `file://${top}`, at('partial'))
  cpSync(example, at('sha256'), { recursive: true })
  const sha256 = gitIn(at('sha256'))
  await sha256('init', '--quiet', '--object-format=sha256')
  await sha256('add', '--all')
  await sha256('commit', '--quiet', '-m', 'Add the sites')
  for (const name of ['linked', 'shared', 'partial', 'sha256']) {
    const planned = await runInProcess(['plan', 'seed-sno5', '-C', at(name), '--json'])
    t.match(planned, { exitCode: 0, stderr: '' }, name)
    t.match(JSON.parse(planned.stdout), { status: 'detachable' })
  }
  await git(...partial, '--sparse', `file://${top}`, at('sparse'))
  isOneMessage(t, await runInProcess(['plan', 'seed-sno5', '-C', at('sparse')]), {
    exitCode: 2,
    code: 'GIT_FAILED',
    says: /completed with `git sparse-checkout disable`/,
  })
})

t.test('a directory that is no clone is refused', async t => {
  const directory = temporaryDirectory(t)
  const noClone = { exitCode: 2, code: 'GIT_FAILED', says: /name a directory of a clone with -C/ }
  isOneMessage(t, await runSower(['plan', 'a', '-C', directory]), noClone)
  isOneMessage(t, await runInProcess(['plan', 'a', '-C', join(directory, 'nowhere')]), noClone)
  isOneMessage(t, await runSower(['plan', 'a', '-C', directory], { env: { PATH: '' } }), {
    ...noClone,
    says: /git cannot be run/,
  })
  await gitIn(directory)('init', '--quiet')
  isOneMessage(t, await runInProcess(['plan', 'a', '-C', directory]), noClone)
  await gitIn(directory)('commit', '--quiet', '--allow-empty', '-m', 'empty')
  isOneMessage(t, await runInProcess(['plan', 'a', '-C', directory]), {
    exitCode: 3,
    code: 'CLUSTER_NOT_FOUND',
    says: /check the name/,
  })
})

t.test('the session in README.md is what the program prints', async t => {
  const { top } = await startClone(t)
  const readme = readFileSync(join(home, 'README.md'), 'utf8')
  const [, session = ''] = /^```console\n(\$ sower plan [^]*?)^```$/m.exec(readme) ?? []
  const steps = session.split(/^\$ /m).slice(1)
  t.ok(steps.length >= 4)
  t.ok(['plan', 'detach', 'reattach'].every(command => session.includes(`$ sower ${command} `)))
  const bin = temporaryDirectory(t)
  writeFileSync(join(bin, 'sower'), `#!/bin/sh\nexec ${process.execPath} ${program} "$@"\n`, {
    mode: 0o755,
  })
  for (const step of steps) {
    const [command = '', ...lines] = step.split('\n')
    const env = { ...shell(), PATH: `${bin}:${shell()['PATH'] ?? ''}` }
    const [file, ...rest] = alone(env, 'sh', '-c', command)
    const { all } = await execa(file, rest, { cwd: top, reject: false, all: true })
    const comparable = (text: string): string =>
      text
        .trim()
        .replace(/^proof \(.*\):/m, 'proof:')
        .replace(/^committed [0-9a-f]{12}/m, 'committed')
    t.equal(comparable(all), comparable(lines.join('\n')), command)
  }
})

for (const [title, layout] of Object.entries(layouts))
  t.test(`detach and reattach: ${title}`, async t => {
    const { files, words = [], below = '.', expected, diff } = layout
    const { top, git, first } = await repositoryWith(t, files)
    const at = ['-C', join(top, below)]
    const detach = await runInProcess(['detach', 'sno1', ...at, '--commit', '--json', ...words])
    t.match(detach, { exitCode: 0, stderr: '' })
    const report = reportOf(detach.stdout)
    t.match(report, { cluster: 'sno1', code: null, ...expected, status: 'detached' })
    for (const [name, value] of Object.entries(expected))
      if (Array.isArray(value))
        t.match({ [name]: report[name as keyof PlanReport] }, { [name]: { length: value.length } })
    for (const { added, changed } of report.roots) t.strictSame([...added, ...changed], [])
    t.match(report.commits, { length: 1 })
    const changed = await git('diff', '-U0', first, 'HEAD', '--', '.', ':!*/record.yaml')
    t.strictSame(
      changed.split('\n').filter(line => /^[-+](?!(?:--|\+\+) )/.test(line)),
      diff,
      'nothing else changes',
    )
    const more = words.filter(word => word !== '--delete')
    const reattach = await runInProcess([
      'reattach',
      'sno1',
      ...at,
      '--commit',
      understood,
      ...more,
    ])
    t.match(reattach, { exitCode: 0, stderr: '' })
    t.equal(await git('diff', first, 'HEAD'), '', 'the same bytes are back')
    t.equal(await git('status', '--porcelain'), '')
  })
