import '../../../src/cli/commands/version/register-version-command.ts'
import '../../../src/cli/commands/version/version-command.ts'
import t from 'tap'
import { parse } from 'yaml'
import { runInProcess } from '../../support/run-in-process.ts'

t.test('version shows what is there, in each form, and says what is not', async t => {
  const text = await runInProcess(['version'])
  t.match(text, { exitCode: 0, stdout: /^sower {5}\d+\.\d+\.\d+\nkustomize .*v5.*\ngit {7}\d+\./ })
  const json = await runInProcess(['version', '-o', 'json'])
  const yaml = await runInProcess(['version', '-o', 'yaml'])
  t.match(JSON.parse(json.stdout), { sower: /^\d/, kustomize: /v5/, git: /^\d/ })
  t.strictSame(parse(yaml.stdout), JSON.parse(json.stdout))
  const bare = await runInProcess(['version'], { env: { PATH: '/nowhere' } })
  t.match(bare, { exitCode: 0, stdout: /^git {7}not found$/m })
  t.match(await runInProcess(['version', '-o', 'xml']), { exitCode: 2, stderr: /text, json or/ })
})
