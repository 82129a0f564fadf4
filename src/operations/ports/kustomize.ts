import type { RepositoryView } from '../../core/kustomization/repository-view.ts'

/** How a render was made: in so many shards, or as a whole, and why. */
export type RenderWay =
  Readonly<{ shards: number; reason: null }> | Readonly<{ shards: null; reason: string }>

/** Facts about a directory before it is rendered. */
export type ToBuild = Readonly<{
  /** The directory's path in its repository, for messages. */
  path?: string
  /** About how many objects there are: time and memory are measured by it. */
  objects?: number
  /** The repository in which the directory is at `path`; without it the render is made as a whole. */
  tree?: RepositoryView
  /** It is a part of something larger, with about so many objects of its `objects`: memory is measured by these. */
  part?: number
  /** Seconds of the time limit that are gone. */
  spent?: number
  /** Makes the render as a whole, whatever may be built in shards. */
  isProof?: boolean
  /** Hears how the render was made. */
  told?: (way: RenderWay) => void
}>

/**
 * Runs `kustomize build`. Throws RefusedError RENDER_FAILED with kustomize's reason, RENDER_EMPTY_LIST,
 * RENDER_NEEDS_PLUGIN, RENDER_TIMEOUT or RENDER_TOO_LARGE.
 */
export type Kustomize = Readonly<{
  build: (directory: string, about?: ToBuild) => Promise<string>
  /** How it is run and which version it is, such as `kubectl kustomize v5.5.0`. */
  version: () => Promise<string>
}>
