/** The package's version, which the build inserts. */
declare const VERSION: string;
