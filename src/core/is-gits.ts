/**
 * Tells whether some file system takes a name for `.git`: one that folds case, NTFS (dots and spaces at the end,
 * streams, the short name) or HFS+ (characters that do not show). As git's own is_ntfs_dotgit and is_hfs_dotgit.
 */
export const isGits = (name: string): boolean =>
  /^(?:\.git|git~1)[. ]*(?::[^]*)?$/i.test(
    name.replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, ''),
  )
