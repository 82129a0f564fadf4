import { mkdirSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Test } from 'tap'
import { withCheckout } from '../../../src/sandbox/argocd/with-checkout.ts'
import { describePluginFailure, runPlugin } from '../../../src/sandbox/argocd/run-plugin.ts'
import { pluginEnvironment } from '../../../src/sandbox/argocd/render.ts'
import { directoryWith } from '../directory-with.ts'
import { gitIn, program, shell } from '../run-sower.ts'

type Asked = Readonly<{
  /** The application path. */
  path: string
  environment?: Readonly<Record<string, string>>
  parameters?: readonly Readonly<{ name: string; string: string }>[]
  env?: readonly Readonly<{ name: string; value: string }>[]
  sidecar?: Readonly<Record<string, string>>
  /** Where Argo CD loses patience; without it never. */
  deadline?: Promise<void>
}>

/** What Argo CD gets of a plugin run; `failure` is what it shows. */
export type Answer = Readonly<{
  exitCode: number | null
  stdout: string
  stderr: string
  /** The last line of stderr. */
  reason: string
  failure: string
}>

const never = new Promise<void>(() => undefined)

/** A committed repository, and the built plugin run on it as cmp-server does, each time in a fresh checkout. */
export const pluginRepository = async (
  t: Test,
  files: Readonly<Record<string, string | Uint8Array>>,
  links: Readonly<Record<string, string>> = {},
): Promise<(asked: Asked) => Promise<Answer>> => {
  const root = directoryWith(t, { 'repository/.keep': '' })
  const repository = directoryWith(t, files)
  for (const [path, target] of Object.entries(links))
    await execa('ln', ['-s', target, join(repository, path)])
  const git = gitIn(repository)
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '--all')
  await git('commit', '--quiet', '--message=start')
  const revision = (await git('rev-parse', 'HEAD')).trim()
  const bareRepository = join(root, 'bare.git')
  await git('clone', '--quiet', '--bare', repository, bareRepository)
  const workDirectory = join(root, 'work')
  mkdirSync(workDirectory)
  return async ({
    path,
    environment,
    parameters = [],
    env = [],
    sidecar = {},
    deadline = never,
  }) => {
    const application = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'clusters', namespace: 'openshift-gitops' },
      spec: {
        project: 'ztp-app-project',
        source: {
          ...{ repoURL: 'https://github.com/example/ztp.git', targetRevision: 'main', path },
          plugin: { name: 'sower', parameters: [...parameters], env: [...env] },
        },
        destination: { server: 'https://kubernetes.default.svc', namespace: 'clusters-sub' },
      },
    }
    // tap would add its own preloads.
    const command = [
      '/usr/bin/env',
      '-u',
      'NODE_OPTIONS',
      process.execPath,
      program,
      'generate',
      '.',
    ] as const
    const temporary = mkdtempSync(join(root, 'tmp-'))
    return withCheckout({ bareRepository, revision, workDirectory }, async directory => {
      const result = await runPlugin({
        command: [...command],
        sidecar: { ...shell(), HOME: '/', TMPDIR: temporary, ...sidecar },
        environment: {
          ...pluginEnvironment(application as never, application.spec.source, revision),
          ...environment,
        },
        directory: join(directory, path),
        deadline,
      })
      return {
        ...result,
        reason: result.stderr.trimEnd().split('\n').at(-1) ?? '',
        failure: describePluginFailure(command, result),
      }
    })
  }
}
