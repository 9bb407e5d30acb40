"""The names that JavaScript and Node have, modelled here or not: of Node 24, by `Object.getOwnPropertyNames`.

Each entry is a list of names in one text.
"""

from __future__ import annotations

METHODS = {
    "Array": (
        "at concat copyWithin fill find findIndex findLast findLastIndex lastIndexOf pop push "
        "reverse shift unshift slice sort splice includes indexOf join keys entries values forEach "
        "filter flat flatMap map every some reduce reduceRight toReversed toSorted toSpliced with "
        "toLocaleString toString"
    ),
    "String": (
        "anchor at big blink bold charAt charCodeAt codePointAt concat endsWith fontcolor fontsize "
        "fixed includes indexOf isWellFormed italics lastIndexOf link localeCompare match matchAll "
        "normalize padEnd padStart repeat replace replaceAll search slice small split strike sub "
        "substr substring sup startsWith toString toWellFormed trim trimStart trimLeft trimEnd "
        "trimRight toLocaleLowerCase toLocaleUpperCase toLowerCase toUpperCase valueOf"
    ),
    "Number": "toExponential toFixed toPrecision toString valueOf toLocaleString",
    "Boolean": "toString valueOf",
    "Object": (
        "__defineGetter__ __defineSetter__ hasOwnProperty __lookupGetter__ __lookupSetter__ "
        "isPrototypeOf propertyIsEnumerable toString valueOf toLocaleString"
    ),
    "Map": (
        "get set has delete clear entries forEach keys values add difference intersection "
        "isSubsetOf isSupersetOf isDisjointFrom symmetricDifference union getOrInsert "
        "getOrInsertComputed"
    ),
    "RegExp": "exec compile toString test",
    "Instance": "",
    "Function": "apply bind call toString",
    "Iterator": "next return throw reduce toArray forEach some every find map filter take drop flatMap",
}
"""Methods by the kind of value that they are called on. A Map and a Set share a row here."""

FUNCTIONS = {
    "Object": (
        "assign getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertyNames "
        "getOwnPropertySymbols hasOwn is preventExtensions seal create defineProperties "
        "defineProperty freeze getPrototypeOf setPrototypeOf isExtensible isFrozen isSealed keys "
        "entries fromEntries values groupBy"
    ),
    "Array": "isArray from fromAsync of",
    "String": "fromCharCode fromCodePoint raw",
    "Number": "isFinite isInteger isNaN isSafeInteger parseFloat parseInt",
    "Math": (
        "abs acos acosh asin asinh atan atanh atan2 ceil cbrt expm1 clz32 cos cosh exp floor fround "
        "hypot imul log log1p log2 log10 max min pow random round sign sin sinh sqrt tan tanh trunc "
        "f16round sumPrecise"
    ),
    "JSON": "parse stringify rawJSON isRawJSON",
    "Promise": "all allSettled any race resolve reject withResolvers try",
    "RegExp": "escape",
    "Map": "groupBy",
    "Error": "captureStackTrace isError",
    "Reflect": (
        "defineProperty deleteProperty apply construct get getOwnPropertyDescriptor getPrototypeOf "
        "has isExtensible ownKeys preventExtensions set setPrototypeOf"
    ),
}
"""Static functions by the global that has them."""

CHANGING = "copyWithin fill pop push reverse shift sort splice unshift add clear delete set"
"""Methods that change what they are called on."""

CONSOLE = (
    "log info warn error debug trace table dir dirxml group groupCollapsed groupEnd time "
    "timeEnd timeLog assert clear count countReset"
)
"""Methods of `console`."""

FUNCTIONS_AT_RUN_TIME = (
    "fetch setInterval Buffer URL URLSearchParams Date TextEncoder TextDecoder AbortController "
    "AbortSignal Symbol Proxy WeakRef FinalizationRegistry btoa atob BigInt ArrayBuffer "
    "SharedArrayBuffer DataView Uint8Array Int8Array Uint16Array Int16Array Uint32Array "
    "Int32Array BigUint64Array BigInt64Array Uint8ClampedArray Float16Array Float32Array "
    "Float64Array decodeURIComponent decodeURI Iterator Headers Request Response FormData Blob "
    "File Event EventTarget CustomEvent MessageEvent WebSocket ReadableStream WritableStream "
    "TransformStream DOMException AggregateError SuppressedError DisposableStack "
    "AsyncDisposableStack clearTimeout clearInterval clearImmediate escape unescape require "
    "BroadcastChannel MessageChannel Performance Crypto CryptoKey URLPattern"
)
"""Global functions and classes whose results are known at run time only."""

OBJECTS_AT_RUN_TIME = "crypto performance Intl Atomics WebAssembly navigator module exports"
"""Global objects whose properties are known at run time only."""
