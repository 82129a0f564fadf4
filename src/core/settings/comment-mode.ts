import type { EditMode } from '../edit/edit.ts'
import type { Configuration } from './configuration.ts'

/** How an entry is commented out by the settings; a file that shows a style of its own, or a yamllint, come first. */
export const commentMode = ({ commentStyle }: Pick<Configuration, 'commentStyle'>): EditMode =>
  commentStyle === '# -' ? 'comment-spaced' : 'comment'
