/** What is known of a directory before it is rendered. */
export type ToBuild = Readonly<{
  /** The directory's path in its repository, for messages. */
  path?: string
  /** About how many objects there are: time and memory are measured by it. */
  objects?: number
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
