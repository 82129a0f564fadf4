import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { checkCommand } from '../../../src/cli/commands/check/check-command.ts'
import { clusterInstance, listing } from '../../support/memory-tree.ts'
import { flatList, repositoryWith, type Content } from '../../support/repository-with.ts'
import { runInProcess } from '../../support/run-in-process.ts'
import { isOneMessage, shell, type Result } from '../../support/run-sower.ts'
import { surroundings } from '../../support/surroundings.ts'

const list = 'site/kustomization.yaml'
const understood = '--i-understand-this-may-reinstall'

const start = async (t: Test, files: Content = flatList()) => {
  const repository = await repositoryWith(t, files)
  const { top, git } = repository
  const sower = (...words: readonly string[]): Promise<Result> => runInProcess(words, { cwd: top })
  const base = (await git('rev-parse', 'HEAD')).trim()
  const textAt = (file: string): string => readFileSync(join(top, file), 'utf8')
  return { ...repository, sower, base, textAt }
}

t.test('a line that a person takes out is refused, a detach by Sower is not', async t => {
  const { top, git, sower, base, write, textAt } = await start(t)
  t.match(await sower('check', '--base', base), {
    ...{ exitCode: 0, stdout: 'No cluster leaves, and none that was detached comes back.\n' },
  })
  const attached = textAt(list)
  await write({ [list]: attached.replace('- a.yaml', '#- a.yaml') }, 'Comment a line out')
  const refused = await sower('check', '--base', base)
  t.match(refused, { exitCode: 3, stdout: /^✗ sno1 leaves site, and no record says so/ })
  t.match(refused.stderr, /CHANGE_UNANNOUNCED|no record says so/)
  const { given, said: heard } = surroundings({ directory: top, environment: shell() })
  const options = { directory: '.', base, head: 'HEAD', output: 'text' } as const
  await t.rejects(checkCommand(given, options), { code: 'CHANGE_UNANNOUNCED' })
  t.match(JSON.stringify(heard), /sno1 leaves/)
  t.match(await sower('check', '--base', base, '--head', base), { exitCode: 0 }, 'another head')

  await git('reset', '--hard', base)
  await sower('detach', 'sno1', '--commit')
  const detached = (await git('rev-parse', 'HEAD')).trim()
  t.match(await sower('check', '--base', base), {
    ...{ exitCode: 0, stdout: /^✓ sno1 leaves site: .* as its record says/ },
  })

  await write({ [list]: attached }, 'Put the line back')
  t.match(await sower('check', '--base', detached), {
    ...{
      exitCode: 3,
      stdout: /^✗ sno1 comes back into site, though the repository says that it is detached/,
    },
  })
  await git('reset', '--hard', detached)
  const record = textAt('seeds/sno1/record.yaml')
  t.match(await sower('reattach', 'sno1', '--commit', understood), { exitCode: 0 })
  // The record went with what the detach had changed, as it does with a revert: that announces nothing.
  t.match(await sower('check', '--base', detached), { exitCode: 3, stdout: /^✗ sno1 comes back/ })
  const said = record.replace('status: detached', 'status: reattached')
  await write({ 'seeds/sno1/record.yaml': said }, 'Say that it is meant')
  t.match(await sower('check', '--base', detached), {
    ...{ exitCode: 0, stdout: /^✓ sno1 comes back into site, as its record says/ },
  })
})

t.test('names come from renders where an overlay sets them', async t => {
  const overlay = (name: string): string =>
    `${listing('../base')}namespace: ${name}\npatches:\n- target: {kind: ClusterInstance}\n  patch: |-\n    - op: replace\n      path: /spec/clusterName\n      value: ${name}\n`
  const { sower, base, write } = await start(t, {
    'clusters/kustomization.yaml': listing('../two', '../one'),
    'one/kustomization.yaml': overlay('sno1'),
    'two/kustomization.yaml': overlay('sno2'),
    'base/kustomization.yaml': listing('ci.yaml'),
    'base/ci.yaml': clusterInstance('placeholder'),
  })
  await write({ 'two/kustomization.yaml': overlay('sno3') }, 'Name it otherwise')
  t.match(await sower('check', '--base', base), { exitCode: 3, stdout: /^✗ sno2 leaves clusters/ })
})

t.test('GitHub gets annotations and a summary, and other programs JSON', async t => {
  const { top, sower, base, write, textAt } = await start(t)
  await write({ [list]: textAt(list).replace('- a.yaml', '#- a.yaml') }, 'Comment a line out')
  const summary = join(t.testdir(), 'summary.md')
  const environment = { ...shell(), GITHUB_STEP_SUMMARY: summary }
  const words = ['check', '--base', base, '-o', 'github']
  const result = await runInProcess(words, { cwd: top, env: environment })
  t.match(result, {
    exitCode: 3,
    stdout:
      /^::error file=site\/kustomization\.yaml,line=\d+,title=sower%3A sno1 leaves::sno1 leaves/,
  })
  t.match(readFileSync(summary, 'utf8'), /### Sower: clusters\n- ✗ sno1 leaves site/)
  const json = await sower('check', '--base', base, '-o', 'json')
  t.match(JSON.parse(json.stdout), {
    ...{ kind: 'Check', base },
    clusters: [
      { cluster: 'sno1', change: 'leaves', announced: false, file: list, roots: ['site'] },
    ],
  })
})

t.test('what cannot be compared is an error, not a pass', async t => {
  const { git, sower, base, write, textAt } = await start(t)
  isOneMessage(t, await sower('check', '--base', 'nothing'), {
    ...{
      exitCode: 2,
      code: 'ARGUMENT_INVALID',
      says: /--base: there is no commit nothing in this clone/,
    },
  })
  const attached = textAt(list)
  await write({ [list]: 'resources:\n' }, 'Take all out')
  t.match(await sower('check', '--base', base), { exitCode: 3, stdout: '' })
  const other = (await git('rev-parse', 'HEAD')).trim()
  await git('reset', '--hard', base)
  await write({ [list]: attached.replace('a.yaml', 'b.yaml') }, 'Something else')
  t.match(await sower('check', '--base', other), { exitCode: 3, stderr: /conflict/ })
})
