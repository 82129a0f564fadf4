import {
  mkdirSync,
  readFileSync,
  readdirSync,
  lstatSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import { commitAll } from './commit-all.ts'
import { clusterInstance, listing } from './memory-tree.ts'
import { gitIn, temporaryDirectory } from './run-sower.ts'

/** Text by path, and links. */
export type Content = Readonly<Record<string, string | { to: string }>>

/** A git repository of a person with one commit, outside of any other. */
export const repositoryWith = async (
  t: Pick<Test, 'teardown'>,
  content: Content,
): Promise<{
  top: string
  git: ReturnType<typeof gitIn>
  /** Writes files, and commits them where a message is given. */
  write: (content: Content, message?: string) => Promise<void>
  /** The first commit. */
  first: string
}> => {
  const top = temporaryDirectory(t)
  const git = gitIn(top)
  const write = async (content: Content, message?: string): Promise<void> => {
    for (const [path, file] of Object.entries(content)) {
      mkdirSync(dirname(join(top, path)), { recursive: true })
      if (typeof file === 'string') writeFileSync(join(top, path), file)
      else symlinkSync(file.to, join(top, path))
    }
    if (message === undefined) return
    await git('add', '--all')
    await git('commit', '--quiet', '--message', message)
  }
  await write(content)
  await commitAll(top, JSON.stringify(content), 'Add the sites')
  const first = readFileSync(join(top, '.git', 'refs', 'heads', 'main'), 'utf8').trim()
  return { top, git, write, first }
}

/** All that a command could change: every file, git's own included, but for what reading updates. */
export const stateOf = (top: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(top, { recursive: true, encoding: 'utf8' })
      .filter(path => lstatSync(join(top, path)).isFile() && path !== join('.git', 'index'))
      .map(path => [path, readFileSync(join(top, path), 'latin1')]),
  )

/** A sower.yaml by which sno1 may be detached. */
export const configuration = (...roots: readonly string[]): string =>
  `apiVersion: sower.dev/v1alpha1\nkind: Configuration\nseeds: [sno1]\n${
    roots.length > 0 ? `roots: [${roots.join(', ')}]\n` : ''
  }`

/** A sower.yaml and two clusters' files: `site/a.yaml` is sno1. */
export const twoClusters = {
  'sower.yaml': configuration('site'),
  'site/a.yaml': clusterInstance('sno1'),
  'site/b.yaml': clusterInstance('sno2'),
}

/** The same with a list of both, and what else its kustomization says. */
export const flatList = (more = ''): Record<string, string> => ({
  ...twoClusters,
  'site/kustomization.yaml': `${listing('a.yaml', 'b.yaml')}${more}`,
})

/** Any object, as it stands in a file. */
export const object = (kind: string, name: string, namespace?: string): string =>
  `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${
    namespace === undefined ? '' : `  namespace: ${namespace}\n`
  }`

/** A strategic merge patch for a cluster. */
export const patchOf = (cluster: string): string =>
  `apiVersion: siteconfig.open-cluster-management.io/v1alpha1
kind: ClusterInstance
metadata:
  name: ${cluster}
  namespace: ${cluster}
  labels:
    site: one
`
