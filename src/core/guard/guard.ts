import type { RepositoryView } from '../kustomization/repository-view.ts'
import type { GuardSettings } from '../settings/guard-settings.ts'
import type { RenderedObject } from '../render/rendered-object.ts'

/** The scene that guards judge: a render and the files that it comes from. Nothing live: Argo CD keeps the result. */
export type Scene = Readonly<{
  tree: RepositoryView
  /** The application path, relative to the tree. */
  path: string
  /** Renders another directory of the tree: for what its files do not tell. Throws RefusedError. */
  renderOf: (path: string) => Promise<string>
  objects: readonly RenderedObject[]
  settings: GuardSettings
}>

/** One thing that a guard refuses. It never holds anything of a value. */
export type Violation = Readonly<{
  /** The objects of the render that it is about; an empty list where something is missing. */
  objects: readonly RenderedObject[]
  /** Where to look; without it: where the first object comes from. */
  file?: string
  /** A sentence without its full stop. */
  reason: string
  /** The next step, a sentence without its full stop. */
  fix: string
}>

/** The verdict of a guard; 'not applicable' where the render holds nothing that it is about. */
export type Verdict = 'not applicable' | readonly Violation[]

/** A rule of the plugin: pure, and about one thing. */
export type Guard = Readonly<{
  rule: string
  /** Its refusals, for the documentation: a sentence without its full stop. */
  refuses: string
  /** The harm that would follow otherwise. */
  because: string
  /** It cannot be turned into a warning: what it refuses cannot be made good again. */
  isAlways: boolean
  /** Judges a scene; everything it needs beyond a glance is loaded only when there is something to judge. */
  judge: (scene: Scene) => Promise<Verdict>
}>
