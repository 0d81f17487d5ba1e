from django.urls import path

from supportops.metrics import views

app_name = "metrics"
urlpatterns = [path("", views.CatalogueView.as_view(), name="catalogue")]
