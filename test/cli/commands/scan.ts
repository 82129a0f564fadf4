import t from 'tap'
import { scanCommand } from '../../../src/cli/commands/scan/scan-command.ts'
import { object, repositoryWith } from '../../support/repository-with.ts'
import { surroundings } from '../../support/surroundings.ts'

const asked = { directory: '.', base: null, head: null, staged: false, output: 'text' as const }
const auth = Buffer.from('pusher:c4nary-word').toString('base64')

t.test('a scan tells where a credential is, and never what it is', async t => {
  const { top, write, git, first } = await repositoryWith(t, { 'a.yaml': object('ConfigMap', 'a') })
  const { given, said } = surroundings({ directory: top })
  await scanCommand(given, asked)
  t.equal(said.stdout, 'scanned 1 file: 0 findings\n')

  await write({ 'b.json': JSON.stringify({ auths: { 'quay.io': { auth } } }) }, 'Leak')
  const head = (await git('rev-parse', 'HEAD')).trim()
  const leaked = surroundings({ directory: top })
  await t.rejects(scanCommand(leaked.given, { ...asked, base: first, output: 'json' as const }), {
    ...{ name: 'RefusedError', code: 'CREDENTIAL_LEAKED' },
    message: 'scanning for credentials: 1 finding',
  })
  t.match(JSON.parse(leaked.said.stdout), {
    scanned: 1,
    findings: [{ commit: head, path: 'b.json', line: 1, fails: true }],
  })
  t.notMatch(leaked.said.stdout, auth)
})

t.test('a revision that is none, and a place that is no clone, are refused', async t => {
  const { top } = await repositoryWith(t, { 'a.yaml': '' })
  const { given } = surroundings({ directory: top })
  for (const [change, message] of [
    [{ head: 'nowhere' }, 'reading --head: there is no commit nowhere in this clone'],
    [{ base: '--all' }, 'reading --base: there is no commit --all in this clone'],
    [{ staged: true, base: 'HEAD' }, 'reading --staged: it takes no --base and no --head'],
  ] as const)
    await t.rejects(scanCommand(given, { ...asked, ...change }), {
      code: 'ARGUMENT_INVALID',
      message,
    })
})
