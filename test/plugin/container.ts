import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { kustomizeCli } from '../../src/adapters/kustomize/kustomize-cli.ts'
import {
  give,
  imageIn,
  noOtherUser,
  noOwnRoot,
  owner,
  runAsUser,
  runInOwnRoot,
} from '../support/plugin/plugin-container.ts'
import { home, kustomizePlaces } from '../support/run-sower.ts'

const path = 'clusters/site-a'
const example = join(home, 'examples', 'ztp')
const expected = (): Promise<string> =>
  kustomizeCli(kustomizePlaces, { timeLimit: 60 }).build(join(example, path))

/** The image, and a checkout of the example as cmp-server makes one, in the one place that may be written to. */
const scene = (t: Pick<Test, 'teardown'>) => {
  const root = imageIn(t)
  const checkout = join('tmp', '_cmp_server', '8c6f')
  cpSync(example, join(root, checkout), { recursive: true })
  give(join(root, 'tmp', '_cmp_server'), owner)
  const files = { root, checkout: join(root, checkout) }
  const environment = { ARGOCD_APP_SOURCE_PATH: path }
  return { ...files, environment, inRoot: join('/', checkout, path) }
}
const isOnlyTheRender = (
  t: Test,
  { root, render, result }: Readonly<{ root: string; render: string; result: unknown }>,
): void => {
  t.match(result, { exitCode: 0, stderr: '' })
  t.equal((result as { stdout: string }).stdout, render)
  t.same(readdirSync(join(root, 'tmp')), ['_cmp_server'], 'nothing is left behind')
}
const writes = 'echo x >"$1" && echo written'

t.test(
  'renders as any user of group 0, with files of another and umask 077',
  { skip: noOtherUser },
  async t => {
    const { root, checkout, environment } = scene(t)
    const directory = join(checkout, path)
    const probe = await runAsUser({ root, directory, script: 'id; umask; : >new' })
    t.match(probe.stdout, /^uid=1000650000 gid=0[^\n]*groups=0[^\n]*\n0077\n$/, 'it is that user')
    t.notMatch(probe.stdout, /uid=1000650000\(/, 'who has no name')
    t.match(probe.stderr, /Permission denied/, 'and may not write into the checkout')

    const result = await runAsUser({ root, directory, environment })
    isOnlyTheRender(t, { root, render: await expected(), result })
  },
)

t.test('says why it refuses as that user, too', { skip: noOtherUser }, async t => {
  const { root, checkout, environment } = scene(t)
  const file = join(checkout, path, 'kustomization.yaml')
  writeFileSync(file, 'resources:\n')
  const refused = await runAsUser({ root, directory: dirname(file), environment })
  t.match(refused, { exitCode: 3, stdout: '', stderr: /^sower: [^\n]*RENDER_EMPTY_LIST/ })

  chmodSync(file, 0o600)
  const unreadable = await runAsUser({ root, directory: dirname(file), environment })
  t.match(unreadable, { exitCode: 3, stdout: '' })
  t.match(unreadable.stderr.trimEnd().split('\n').at(-1), /^sower: .*\[[A-Z_]+\]/)
})

t.test(
  'renders in a root of its own that is read-only but for /tmp',
  { skip: noOwnRoot },
  async t => {
    const { root, environment, inRoot } = scene(t)
    const probe = await runInOwnRoot({
      root,
      directory: inRoot,
      script: `set -- /opt/new; ${writes}; set -- /tmp/new; ${writes}; rm /tmp/new; ls /etc`,
    })
    t.equal(probe.stdout, 'written\n', 'only /tmp can be written to')
    t.match(probe.stderr, /\/opt\/new: Read-only file system/)
    t.match(probe.stderr, /\/etc'?: No such file/, 'nor is there a passwd file')

    const result = await runInOwnRoot({ root, directory: inRoot, environment })
    isOnlyTheRender(t, { root, render: await expected(), result })
  },
)

t.test(
  'finds the kustomize plugins that an init container has copied, in that root',
  { skip: noOwnRoot },
  async t => {
    const { root, checkout, environment, inRoot } = scene(t)
    const plugin = '.config/kustomize/plugin/ran.openshift.io/v1/siteconfig/SiteConfig'
    mkdirSync(join(root, dirname(plugin)), { recursive: true })
    writeFileSync(
      join(root, plugin),
      "#!/bin/sh\nprintf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: of-the-site}\\n'\n",
    )
    chmodSync(join(root, plugin), 0o755)
    const file = join(checkout, path, 'kustomization.yaml')
    writeFileSync(file, 'generators: [site.yaml]\n')
    writeFileSync(
      join(dirname(file), 'site.yaml'),
      'apiVersion: ran.openshift.io/v1\nkind: SiteConfig\nmetadata: {name: site}\n',
    )
    for (const name of ['kustomization.yaml', 'site.yaml'])
      chownSync(join(dirname(file), name), owner.uid, owner.gid)

    const run = (more: Record<string, string>) =>
      runInOwnRoot({ root, directory: inRoot, environment: { ...environment, ...more } })
    t.match(await run({ SOWER_KUSTOMIZE_PLUGIN_HOME: '/.config/kustomize/plugin' }), {
      exitCode: 0,
      stdout: /^ {2}name: of-the-site$/m,
      stderr: '',
    })
    t.match(await run({}), { exitCode: 3, stdout: '', stderr: /RENDER_NEEDS_PLUGIN/ })
    t.equal(statSync(join(root, plugin)).mode & 0o777, 0o755)
  },
)
