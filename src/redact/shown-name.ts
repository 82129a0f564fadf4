import { layersOfBase64 } from '../core/secret/layers-of-base64.ts'

const pathLike = /^[\p{L}\p{N} _.@%+,=~/-]{1,255}$/u
// A word without a dot, a slash or a digit is a name; with one it may be a password.
const isPlace = /[./]|^[a-z_-]{1,20}$/i
// Tokens and base64 have no end; what people call their files has.
const isToken = /[A-Za-z0-9+=]{25}/

/**
 * How an argument that names a file is told of. Somebody may have given what is in the file in place of its
 * name, and what a program says ends in logs that others read.
 */
export const shownName = (name: string): string => {
  const isShown =
    pathLike.test(name) &&
    isPlace.test(name) &&
    !isToken.test(name) &&
    layersOfBase64(name, decoded => /^[\t\n\r -~]{6,}$/.test(decoded)) === null
  return isShown ? name : 'a file'
}
