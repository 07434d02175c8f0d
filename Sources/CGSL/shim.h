#ifndef CGSL_SHIM_H
#define CGSL_SHIM_H
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_exp.h>
#include <gsl/gsl_sf_trig.h>
#endif
